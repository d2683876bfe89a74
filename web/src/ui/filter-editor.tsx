import { useState } from 'react';
import { Button, Checkbox, NumberInput, ScrollArea, TextInput, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SearchValue } from '../lib/url-state.ts';
import type { FilterDef, FilterOption } from './filter-sentence.tsx';
import css from './filter.module.css';

interface EditorProps {
  value: unknown;
  onChange: (value: SearchValue) => void;
  onClose: () => void;
}

/** What a chip opens: the editor that fits the kind of filter. */
export function FilterEditor({ filter, ...rest }: EditorProps & { filter: FilterDef }) {
  switch (filter.kind) {
    case 'choice':
      return <ChoiceEditor label={filter.label} options={filter.options} any={filter.any} {...rest} />;
    case 'multi':
      return <MultiEditor label={filter.label} options={filter.options} {...rest} />;
    case 'flag':
      return <FlagEditor label={filter.label} {...rest} />;
    default:
      return <ValueEditor filter={filter} {...rest} />;
  }
}

function Find({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      data-autofocus
      placeholder={t('filter.find')}
      aria-label={t('filter.find')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const fits = (options: readonly FilterOption[], find: string): readonly FilterOption[] =>
  find === '' ? options : options.filter((option) => option.label.toLowerCase().includes(find.toLowerCase()));

function ChoiceEditor({ label, options, any, value, onChange, onClose }: EditorProps & { label: string; options: readonly FilterOption[]; any?: string }) {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const pick = (next: string | undefined): void => {
    onChange(next);
    onClose();
  };
  const all: readonly { value: string | undefined; label: string }[] = [{ value: undefined, label: any ?? t('filter.any') }, ...fits(options, find)];
  return (
    <>
      {options.length > 8 ? <Find value={find} onChange={setFind} /> : null}
      <ScrollArea.Autosize mah="40vh">
        <div role="radiogroup" aria-label={label}>
          {all.map((option) => (
            <UnstyledButton key={option.label} role="radio" aria-checked={value === option.value} className={css.option} onClick={() => pick(option.value)}>
              <span className={css.optionCheck}>{value === option.value ? <IconCheck size="1em" stroke={1.6} /> : null}</span>
              {option.label}
            </UnstyledButton>
          ))}
        </div>
      </ScrollArea.Autosize>
    </>
  );
}

function MultiEditor({ label, options, value, onChange }: EditorProps & { label: string; options: readonly FilterOption[] }) {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const found = fits(options, find);
  return (
    <>
      {options.length > 8 ? <Find value={find} onChange={setFind} /> : null}
      <ScrollArea.Autosize mah="40vh">
        <Checkbox.Group value={chosen} onChange={(next) => onChange(next.length === 0 ? undefined : next)} aria-label={label}>
          {found.map((option) => (
            <Checkbox
              key={option.value}
              value={option.value}
              label={option.label}
              classNames={{ root: css.option, body: css.optionBody, labelWrapper: css.optionLabel }}
            />
          ))}
        </Checkbox.Group>
        {found.length === 0 ? <p className={css.nothing}>{t('filter.none')}</p> : null}
      </ScrollArea.Autosize>
    </>
  );
}

function FlagEditor({ label, value, onChange, onClose }: EditorProps & { label: string }) {
  const { t } = useTranslation();
  return (
    <ChoiceEditor
      label={label}
      options={[
        { value: 'true', label: t('filter.yes') },
        { value: 'false', label: t('filter.no') },
      ]}
      value={value === undefined ? undefined : String(value)}
      onChange={onChange}
      onClose={onClose}
    />
  );
}

function ValueEditor({ filter, value, onChange, onClose }: EditorProps & { filter: Extract<FilterDef, { kind: 'number' | 'text' }> }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | number>(typeof value === 'number' || typeof value === 'string' ? value : '');
  const label = `${filter.label} ${filter.operator}`;
  return (
    <form
      className={css.valueForm}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(draft === '' ? undefined : draft);
        onClose();
      }}
    >
      {filter.kind === 'number' ? (
        <NumberInput data-autofocus label={label} value={draft} onChange={setDraft} hideControls rightSection={filter.unit} />
      ) : (
        <TextInput data-autofocus label={label} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} maxLength={200} />
      )}
      <Button type="submit" variant="filled">
        {t('actions.apply')}
      </Button>
    </form>
  );
}
