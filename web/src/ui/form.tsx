import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { UseFormReturnType } from '@mantine/form';
import { Button } from '@mantine/core';
import { Problem, toProblem } from '../api/problem.ts';
import css from './form.module.css';
import { Notice } from './states.tsx';

export interface Saving {
  /** For `<form onSubmit>` and for buttons. */
  submit: (event?: FormEvent<HTMLFormElement>) => void;
  saving: boolean;
  /** A refusal that belongs to no field of the form; field errors are set on the form. */
  problem: Problem | undefined;
  clearProblem: () => void;
}

/**
 * Submits a @mantine/form: validates, calls `save`, puts a refusal on the field it names or keeps it as `problem`.
 * `handle` may take a problem for itself (a stale save) by returning true. A second submit while one runs is ignored.
 */
export function useSave<V extends Record<string, unknown>, R>(
  form: UseFormReturnType<V>,
  options: {
    save: (values: V) => Promise<R>;
    done: (result: R, values: V) => unknown;
    handle?: (problem: Problem) => boolean;
    fieldOf?: (field: string) => string;
  },
): Saving {
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const onValid = async (values: V): Promise<void> => {
    if (saving) return;
    setSaving(true);
    setProblem(undefined);
    try {
      const result = await options.save(values);
      await options.done(result, values);
    } catch (error) {
      const refused = toProblem(error);
      if (options.handle?.(refused) === true) return;
      const field = refused.field === undefined ? undefined : (options.fieldOf?.(refused.field) ?? refused.field);
      if (field !== undefined && field.split('.')[0]! in form.getValues()) {
        form.setFieldError(field, reasonOf(refused));
        form.getInputNode(field)?.focus();
      } else setProblem(refused);
    } finally {
      setSaving(false);
    }
  };
  const submit = (event?: FormEvent<HTMLFormElement>): void => {
    form.onSubmit(
      (values) => void onValid(values as V),
      (errors) => {
        const [first] = Object.keys(errors);
        if (first !== undefined) form.getInputNode(first)?.focus();
      },
    )(event);
  };
  return { submit, saving, problem, clearProblem: () => setProblem(undefined) };
}

/** The sentence under a field: the reason alone where the server gives one. */
const reasonOf = (problem: Problem): string => {
  const reason = problem.data['reason'];
  return problem.code === 'input.invalid' && typeof reason === 'string'
    ? reason.replace(new RegExp(`^${(problem.field ?? '').replaceAll('.', '\\.')}: `), '')
    : problem.message;
};

/** A form's frame: fields in a column, the refusal above the buttons, primary button first. */
export function FormFrame({
  saving,
  children,
  action,
  onCancel,
  cancel,
  note,
}: {
  saving: Saving;
  children: ReactNode;
  action: string;
  onCancel?: () => void;
  cancel?: string;
  note?: ReactNode;
}) {
  return (
    <form className={css.form} onSubmit={saving.submit} noValidate>
      {children}
      {saving.problem === undefined ? null : (
        <Notice state="bad" live>
          {saving.problem.message}
        </Notice>
      )}
      {note === undefined ? null : <p className={css.formNote}>{note}</p>}
      <div className={css.formActions}>
        <Button type="submit" variant="filled" loading={saving.saving}>
          {action}
        </Button>
        {onCancel === undefined ? null : (
          <Button variant="subtle" onClick={onCancel}>
            {cancel}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Fields that belong together under a heading. */
export function FieldGroup({ title, help, children }: { title: string; help?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.group} role="group" aria-label={title}>
      <h2>{title}</h2>
      {help === undefined ? null : <p className={css.formNote}>{help}</p>}
      {children}
    </section>
  );
}

/** Fields beside each other; below each other on a phone. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className={css.fieldRow}>{children}</div>;
}
