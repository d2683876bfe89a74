import { useState } from 'react';
import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Thumb } from './cells.tsx';
import css from './product-picker.module.css';
import { Problem, SkeletonLines } from './states.tsx';

/** A product as it is offered for choosing. */
export interface Choice {
  id: string;
  title: string;
  sku: string;
  barcode?: string | null;
  imageUrl?: string | null;
  /** Why it is suggested, or how many there are: stands on the right. */
  note?: string;
}

export interface ProductPickerProps {
  /** Suggestions, best first; undefined while they are looked for. */
  candidates: readonly Choice[] | undefined;
  /** Finds products by words, SKU or barcode. */
  search: (q: string) => Promise<readonly Choice[]>;
  /** Names the deed: "This was sold". */
  action: string;
  onPick: (choice: Choice) => void;
  picking: boolean;
  /** Is not offered: the product it is now. */
  except?: string;
}

/** Says which product of ours something is: suggestions first, then a free search; chosen, then confirmed. */
export function ProductPicker({ candidates, search, action, onPick, picking, except }: ProductPickerProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<Choice | undefined>();
  const [asked] = useDebouncedValue(query.trim(), 200);
  const found = useQuery({ queryKey: ['product-picker', asked], queryFn: () => search(asked), enabled: asked !== '', placeholderData: (before) => before });
  const typed = query.trim() !== '';
  const shown = (typed ? (found.data ?? []) : (candidates ?? [])).filter((choice) => choice.id !== except);
  const waiting = typed ? asked !== query.trim() || found.isPending : candidates === undefined;
  return (
    <div className={css.picker}>
      <TextInput
        type="search"
        value={query}
        maxLength={200}
        onChange={(event) => setQuery(event.currentTarget.value)}
        placeholder={t('picker.placeholder')}
        aria-label={t('picker.search')}
        leftSection={<IconSearch size="1em" stroke={1.6} />}
      />
      {typed || shown.length === 0 ? null : <h3 className={css.group}>{t('picker.candidates')}</h3>}
      {waiting && shown.length === 0 ? <SkeletonLines lines={3} /> : null}
      {typed && found.isError ? <Problem error={found.error} title={t('picker.failed')} onRetry={() => void found.refetch()} /> : null}
      {!waiting && shown.length === 0 && !found.isError ? (
        <p className={css.note}>{typed ? t('picker.nothing', { query: query.trim() }) : t('picker.noCandidates')}</p>
      ) : null}
      <div className={css.list} role="radiogroup" aria-label={typed ? t('picker.found') : t('picker.candidates')}>
        {shown.map((choice) => (
          <UnstyledButton
            key={choice.id}
            role="radio"
            aria-checked={chosen?.id === choice.id}
            className={css.choice}
            onClick={() => setChosen(choice)}
            onDoubleClick={() => onPick(choice)}
          >
            <Thumb src={choice.imageUrl ?? null} />
            <span className={css.text}>
              <span className={css.title}>{choice.title}</span>
              <br />
              <span className={css.codes}>{[choice.sku, choice.barcode].filter((code) => code !== undefined && code !== null && code !== '').join(' · ')}</span>
            </span>
            <span className={css.end}>{chosen?.id === choice.id ? <IconCheck size="1.3em" stroke={1.6} aria-hidden /> : choice.note}</span>
          </UnstyledButton>
        ))}
      </div>
      <div className={css.foot}>
        <Button variant="filled" disabled={chosen === undefined} loading={picking} onClick={() => chosen !== undefined && onPick(chosen)}>
          {chosen === undefined ? action : `${action}: ${chosen.sku}`}
        </Button>
      </div>
    </div>
  );
}
