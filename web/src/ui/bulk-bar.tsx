import type { ReactNode } from 'react';
import { ActionIcon, Button, Portal } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatTotal } from '../lib/format.ts';
import css from './data-list.module.css';
import type { Selection } from './list-state.ts';

/** Appears with a selection, over the foot of the list. Its buttons say what they do; the bar says to how many. */
export function BulkBar({ selection, total, totalIsMore, children }: { selection: Selection; total?: number; totalIsMore: boolean; children?: ReactNode }) {
  const { t } = useTranslation();
  const all = selection.selected.mode === 'all';
  return (
    <Portal>
      <div className={css.bulk} role="region" aria-label={t('list.bulk')}>
        <span role="status">{t('list.selected', { count: selection.count, number: `${formatNumber(selection.count)}${selection.isMore ? '+' : ''}` })}</span>
        {!all && total !== undefined && selection.count < total ? (
          <Button variant="subtle" onClick={selection.selectAll}>
            {t('list.selectAll', { total: formatTotal(total, totalIsMore) })}
          </Button>
        ) : null}
        <span className={css.bulkLine} />
        {children}
        <span className={css.bulkLine} />
        <ActionIcon onClick={selection.clear} aria-label={t('list.clearSelection')}>
          <IconX size="1em" />
        </ActionIcon>
      </div>
    </Portal>
  );
}
