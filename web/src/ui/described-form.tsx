import { MultiSelect, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { i18next } from '../lib/i18n.ts';
import { FormFrame, useSave } from './form.tsx';

/** A field as a platform's manifest describes it. `secret` values are write-only: never shown, sent only when typed. */
export interface DescribedField {
  name: string;
  label: string;
  kind: 'text' | 'secret' | 'number' | 'select' | 'multi_select' | 'switch';
  required: boolean;
  help?: string;
  placeholder?: string;
  options?: readonly { value: string; label: string }[];
  defaultValue?: string | number | boolean | readonly string[];
}

export type DescribedValue = string | number | boolean | string[];
export type DescribedValues = Record<string, DescribedValue>;

const empty = (field: DescribedField): DescribedValue => (field.kind === 'switch' ? false : field.kind === 'multi_select' ? [] : '');

/** First values of a described form: what is stored, else the manifest's defaults. */
export const describedInitial = (fields: readonly DescribedField[], stored: Readonly<Record<string, unknown>> = {}): DescribedValues =>
  Object.fromEntries(
    fields.map((field) => {
      const value = field.kind === 'secret' ? undefined : (stored[field.name] ?? field.defaultValue);
      return [field.name, (Array.isArray(value) ? value.map(String) : (value as DescribedValue | undefined)) ?? empty(field)];
    }),
  );

/** What may be missing: a required field that is empty, unless it is a secret that is stored already. */
export const describedErrors = (
  fields: readonly DescribedField[],
  values: DescribedValues,
  storedSecrets: ReadonlySet<string> = new Set(),
): Record<string, string> =>
  Object.fromEntries(
    fields
      .filter((field) => field.required && field.kind !== 'switch' && !storedSecrets.has(field.name))
      .filter(
        (field) =>
          values[field.name] === '' || values[field.name] === undefined || (Array.isArray(values[field.name]) && (values[field.name] as string[]).length === 0),
      )
      .map((field) => [field.name, i18next.t('form.required')]),
  );

/** What is sent: empty optional fields and untouched secrets are left out. */
export const describedOutput = (fields: readonly DescribedField[], values: DescribedValues): DescribedValues =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== '' && fields.some((field) => field.name === name)));

/** Only the inputs, inside a form of your own; `prefix` is the path of the group in its values (`credentials`). */
export function DescribedFields<V extends Record<string, unknown>>({
  form,
  fields,
  prefix,
  storedSecrets,
}: {
  form: UseFormReturnType<V>;
  fields: readonly DescribedField[];
  prefix?: string;
  storedSecrets?: ReadonlySet<string>;
}) {
  return fields.map((field) => {
    const path = prefix === undefined ? field.name : `${prefix}.${field.name}`;
    return (
      <DescribedInput
        key={form.key(path)}
        field={field}
        inputProps={form.getInputProps(path, { type: field.kind === 'switch' ? 'checkbox' : 'input' })}
        stored={storedSecrets?.has(field.name) ?? false}
      />
    );
  });
}

function DescribedInput({
  field,
  inputProps,
  stored,
}: {
  field: DescribedField;
  inputProps: ReturnType<UseFormReturnType<Record<string, unknown>>['getInputProps']>;
  stored: boolean;
}) {
  const { t } = useTranslation();
  const shared = { ...inputProps, label: field.label, description: field.help, placeholder: field.placeholder, withAsterisk: field.required && !stored };
  const data = (field.options ?? []).map((option) => ({ ...option }));
  switch (field.kind) {
    case 'switch':
      return <Switch {...inputProps} label={field.label} description={field.help} />;
    case 'select':
      return <Select {...shared} data={data} allowDeselect={!field.required} searchable={data.length > 8} checkIconPosition="right" />;
    case 'multi_select':
      return <MultiSelect {...shared} data={data} searchable={data.length > 8} />;
    case 'number':
      return <NumberInput {...shared} hideControls />;
    case 'secret':
      return <PasswordInput {...shared} placeholder={stored ? t('form.secretStored') : field.placeholder} autoComplete="off" data-1p-ignore />;
    default:
      return <TextInput {...shared} autoComplete="off" />;
  }
}

/** A whole form from a manifest: draws, checks, sends, and puts refusals on their fields. */
export function DescribedForm<R>({
  fields,
  stored,
  storedSecrets,
  action,
  save,
  done,
  onCancel,
  cancel,
  note,
}: {
  fields: readonly DescribedField[];
  stored?: Readonly<Record<string, unknown>>;
  storedSecrets?: ReadonlySet<string>;
  action: string;
  save: (values: DescribedValues) => Promise<R>;
  done: (result: R) => unknown;
  onCancel?: () => void;
  cancel?: string;
  note?: string;
}) {
  const form = useForm<DescribedValues>({
    initialValues: describedInitial(fields, stored),
    validate: (values) => describedErrors(fields, values, storedSecrets),
  });
  const saving = useSave(form, { save: (values) => save(describedOutput(fields, values)), done, fieldOf: (field) => field.split('.').at(-1) ?? field });
  return (
    <FormFrame saving={saving} action={action} onCancel={onCancel} cancel={cancel} note={note}>
      <DescribedFields form={form} fields={fields} storedSecrets={storedSecrets} />
    </FormFrame>
  );
}
