import { useState } from 'react';
import { Menu, Popover, UnstyledButton } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../lib/format.ts';
import type { SearchValue } from '../lib/url-state.ts';
import { FilterEditor } from './filter-editor.tsx';
import css from './filter.module.css';

export interface FilterOption {
  value: string;
  label: string;
}

interface FilterBase {
  /** Its name in the address and, by default, in the API's input. */
  key: string;
  /** The chip's first word: "category", "stock". */
  label: string;
  /** Word before the chip that makes the line read: "in", "with". */
  lead?: string;
}

/** A filter as data. `choice` one of few, `multi` any of several, `number` and `text` with their operator ("below", "contains"), `flag` yes or no. */
export type FilterDef =
  | (FilterBase & {
      kind: 'choice';
      options: readonly FilterOption[];
      /** Always in the sentence, without its label: "active". */ always?: boolean;
      /** Its word while nothing is chosen: "of any status". */ any?: string;
    })
  | (FilterBase & { kind: 'multi'; options: readonly FilterOption[]; /** "any of" unless it says otherwise: "all of". */ operator?: string })
  | (FilterBase & { kind: 'number'; operator: string; unit?: string })
  | (FilterBase & { kind: 'text'; operator: string })
  | (FilterBase & { kind: 'flag' });

export type FilterValues = Readonly<Record<string, unknown>>;

export interface FilterSentenceProps {
  /** How the sentence begins: "Products that are". */
  intro: string;
  filters: readonly FilterDef[];
  /** The parsed search of the address: `useUrlState`'s first member. */
  value: FilterValues;
  /** `useUrlState`'s second member. */
  onChange: (patch: Record<string, SearchValue>) => void;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);

/** True when any of the filters is set; the search box counts too. */
export const isFiltered = (filters: readonly FilterDef[], value: FilterValues): boolean =>
  isSet(value['q']) || filters.some((filter) => isSet(value[filter.key]));

/** The patch that clears every filter and the search. */
export const clearFilters = (filters: readonly FilterDef[]): Record<string, undefined> =>
  Object.fromEntries(['q', ...filters.map((filter) => filter.key)].map((key) => [key, undefined]));

/** The filters of a list as a sentence that can be read aloud; each part is a button that changes it. */
export function FilterSentence({ intro, filters, value, onChange }: FilterSentenceProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState<string | undefined>();
  const shown = filters.filter((filter) => isSet(value[filter.key]) || filter.key === adding || (filter.kind === 'choice' && filter.always === true));
  const addable = filters.filter((filter) => !shown.includes(filter));
  return (
    <div className={css.sentence} role="group" aria-label={t('filter.group')}>
      <span className={css.word} data-intro>
        {intro}
      </span>
      {shown.map((filter) => (
        <Chip
          key={filter.key}
          filter={filter}
          value={value[filter.key]}
          startOpen={filter.key === adding}
          onClose={() => setAdding(undefined)}
          onChange={(next) => onChange({ [filter.key]: next })}
        />
      ))}
      {addable.length === 0 ? null : (
        <Menu position="bottom-start">
          <Menu.Target>
            <UnstyledButton className={css.add} aria-label={t('filter.addLabel')}>
              <IconPlus size="0.9em" stroke={1.6} /> {t('filter.add')}
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {addable.map((filter) => (
              <Menu.Item key={filter.key} onClick={() => (filter.kind === 'flag' ? onChange({ [filter.key]: true }) : setAdding(filter.key))}>
                {filter.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

function Chip({
  filter,
  value,
  startOpen,
  onChange,
  onClose,
}: {
  filter: FilterDef;
  value: unknown;
  startOpen: boolean;
  onChange: (value: SearchValue) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(startOpen);
  const close = (): void => {
    setOpen(false);
    onClose();
  };
  const bare = filter.kind === 'choice' && filter.always === true;
  const anyWord = (filter.kind === 'choice' ? filter.any : undefined) ?? t('filter.any');
  const removable = isSet(value) && !bare;
  return (
    <>
      {filter.lead === undefined ? null : <span className={css.word}>{filter.lead}</span>}
      <span className={css.chip} data-removable={removable || undefined}>
        <Popover
          opened={open}
          onChange={(next) => (next ? setOpen(true) : close())}
          position="bottom-start"
          shadow="md"
          radius="lg"
          trapFocus
          returnFocus
          withinPortal
        >
          <Popover.Target>
            <UnstyledButton
              className={css.chipText}
              onClick={() => (open ? close() : setOpen(true))}
              aria-label={`${t('filter.edit', { label: filter.label })}: ${words(filter, value, anyWord)}`}
              aria-expanded={open}
            >
              {bare ? null : (
                <span className={css.chipLabel}>
                  {filter.label} {operatorOf(filter, t('filter.anyOf'))}{' '}
                </span>
              )}
              <span className={css.chipValue}>{words(filter, value, anyWord)}</span>
            </UnstyledButton>
          </Popover.Target>
          <Popover.Dropdown className={css.popover}>
            <FilterEditor filter={filter} value={value} onChange={onChange} onClose={close} />
          </Popover.Dropdown>
        </Popover>
        {removable ? (
          <UnstyledButton className={css.chipRemove} aria-label={t('filter.remove', { label: filter.label })} onClick={() => onChange(undefined)}>
            <IconX size="0.9em" stroke={1.6} />
          </UnstyledButton>
        ) : null}
      </span>
    </>
  );
}

const operatorOf = (filter: FilterDef, anyOf: string): string =>
  'operator' in filter && filter.operator !== undefined ? filter.operator : filter.kind === 'multi' ? anyOf : '';

function words(filter: FilterDef, value: unknown, any: string): string {
  if (!isSet(value)) return any;
  const labelOf = (one: string): string => ('options' in filter ? (filter.options.find((option) => option.value === one)?.label ?? one) : one);
  if (Array.isArray(value)) {
    const labels = value.map((one) => labelOf(String(one)));
    return labels.length > 3 ? `${labels.slice(0, 2).join(', ')} +${labels.length - 2}` : labels.join(', ');
  }
  if (filter.kind === 'number') return `${formatNumber(Number(value))}${filter.unit === undefined ? '' : ` ${filter.unit}`}`;
  return typeof value === 'boolean' ? '' : labelOf(String(value));
}
