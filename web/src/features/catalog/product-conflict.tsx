import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Product } from '../../../../server/src/modules/catalog/contract.ts';
import { Panel, PanelTable } from '../../ui/panel.tsx';
import { Notice } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import css from './catalog.module.css';
import { categoryPaths, memberText } from './member-words.ts';
import { firstChoice, toMembers, toValues } from './product-values.ts';
import type { Choice, Clash, Member, Members } from './product-values.ts';
import { categoriesQuery } from './queries.ts';

/** Somebody saved first: both versions field by field, and which one is kept. */
export function ProductConflict({
  theirs,
  mine,
  found,
  choices,
  onChoose,
}: {
  theirs: Product;
  mine: Members;
  found: readonly Clash[];
  choices: Partial<Record<Member, Choice>>;
  onChoose: (member: Member, choice: Choice) => void;
}) {
  const { t } = useTranslation('catalog');
  const paths = categoryPaths(useQuery(categoriesQuery).data);
  const stored = toMembers(toValues(theirs));
  const chosen = (clash: Clash): Choice => choices[clash.member] ?? firstChoice(clash);
  const version = (side: Choice) => (clash: Clash) => {
    const words = memberText(t, paths, clash.member, side === 'mine' ? mine : stored);
    return (
      <span className={css.long} data-chosen={chosen(clash) === side || undefined}>
        {words === '' ? t('conflict.empty') : words}
      </span>
    );
  };
  return (
    <Panel title={t('conflict.title')} action={<When at={theirs.updatedAt} />} flush>
      <Notice state="attention" flush live>
        {t(found.length === 0 ? 'conflict.same' : 'conflict.body')}
      </Notice>
      {found.length === 0 ? null : (
        <PanelTable
          label={t('conflict.title')}
          rows={found}
          rowKey={(clash) => clash.member}
          columns={[
            { id: 'field', header: t('conflict.field'), cell: (clash) => t(`field.${clash.member}`) },
            { id: 'theirs', header: t('conflict.theirs'), cell: version('theirs') },
            { id: 'mine', header: t('conflict.mine'), cell: version('mine') },
            {
              id: 'keep',
              header: t('conflict.keep'),
              cell: (clash) => (
                <SegmentedControl
                  aria-label={t('conflict.choose', { field: t(`field.${clash.member}`) })}
                  data={[
                    { value: 'theirs', label: t('conflict.takeTheirs') },
                    { value: 'mine', label: t('conflict.keepMine') },
                  ]}
                  value={chosen(clash)}
                  onChange={(choice) => onChoose(clash.member, choice === 'theirs' ? 'theirs' : 'mine')}
                />
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
