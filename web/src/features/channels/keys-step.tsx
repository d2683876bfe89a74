import { useState } from 'react';
import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Platform, Store, TestResult } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { Problem, toProblem } from '../../api/problem.ts';
import { DescribedFields, describedErrors, describedInitial } from '../../ui/described-form.tsx';
import type { DescribedValues } from '../../ui/described-form.tsx';
import { FieldGroup, FieldRow, FormFrame, useSave } from '../../ui/form.tsx';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { Line } from '../../ui/page.tsx';
import css from './channels.module.css';
import { connectStore } from './queries.ts';
import { formOutput, pathOf } from './store-values.ts';
import { TestAnswer } from './test-answer.tsx';

interface Values extends Record<string, unknown> {
  credentials: DescribedValues;
  settings: DescribedValues;
  name: string;
  companyId: string;
  testMode: boolean;
}

const prefixed = (group: string, errors: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([name, error]) => [`${group}.${name}`, error]));

/** The platform's own form, drawn from its manifest. Connecting tries the keys first; a refusal stands at the field it is about. */
export function KeysStep({ platform, done }: { platform: Platform; done: (store: Store) => void }) {
  const { t } = useTranslation('channels');
  const { companies } = useActor();
  const [answer, setAnswer] = useState<TestResult | undefined>();
  const [testing, setTesting] = useState(false);
  const form = useForm<Values>({
    initialValues: {
      credentials: describedInitial(platform.credentials),
      settings: describedInitial(platform.settings),
      name: '',
      companyId: companies.find((company) => company.isDefault)?.id ?? companies[0]?.id ?? '',
      testMode: false,
    },
    validate: (values) => ({
      ...prefixed('credentials', describedErrors(platform.credentials, values.credentials)),
      ...prefixed('settings', describedErrors(platform.settings, values.settings)),
    }),
    onValuesChange: () => setAnswer(undefined),
  });
  const access = (values: Values) => ({
    platform: platform.platform,
    credentials: formOutput(platform.credentials, values.credentials),
    settings: formOutput(platform.settings, values.settings),
    testMode: values.testMode,
  });
  const ask = async (values: Values): Promise<TestResult> => {
    const result = await api.channels.test(access(values));
    // A refusal that names a field stands at that field, and only there.
    setAnswer(result.ok || result.field === null ? result : undefined);
    return result;
  };
  const saving = useSave(form, {
    save: async (values) => {
      const result = await ask(values);
      if (!result.ok)
        throw new Problem(result.message, {
          code: 'connection.refused',
          status: 400,
          field: result.field === null ? undefined : pathOf(platform, result.field),
        });
      return connectStore({
        ...access(values),
        name: values.name.trim() === '' ? undefined : values.name.trim(),
        companyId: values.companyId === '' ? undefined : values.companyId,
      });
    },
    done,
    // The answer of the test stands in its own band.
    handle: (problem) => problem.code === 'connection.refused' && problem.field === undefined,
  });
  const pointAt = (path: string, message: string): void => {
    form.setFieldError(path, message);
    form.getInputNode(path)?.focus();
  };
  const test = async (): Promise<void> => {
    if (form.validate().hasErrors) return;
    setTesting(true);
    saving.clearProblem();
    try {
      const result = await ask(form.getValues());
      if (!result.ok && result.field !== null) pointAt(pathOf(platform, result.field), result.message);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.field === undefined) setAnswer({ ok: false, message: problem.message, field: null, facts: [] });
      else pointAt(problem.field, String(problem.data['reason'] ?? problem.message));
    } finally {
      setTesting(false);
    }
  };
  return (
    <FormFrame saving={saving} action={t('connect.save')} note={t('connect.note')}>
      <div className={css.how}>
        <h2 className={css.heading}>{t('connect.how')}</h2>
        <p>{platform.howToConnect}</p>
        {platform.docsUrl === null ? null : (
          <p>
            <OutsideLink href={platform.docsUrl}>{t('connect.docs', { platform: platform.name })}</OutsideLink>
          </p>
        )}
      </div>
      <FieldGroup title={t('connect.keys')}>
        <div className={css.fields}>
          <DescribedFields form={form} fields={platform.credentials} prefix="credentials" />
        </div>
        {platform.hasTestMode ? (
          <Switch
            {...form.getInputProps('testMode', { type: 'checkbox' })}
            label={t('connect.practice')}
            description={t('connect.practiceHelp', { platform: platform.name })}
          />
        ) : null}
      </FieldGroup>
      <FieldGroup title={t('connect.settings')}>
        <div className={css.fields}>
          <DescribedFields form={form} fields={platform.settings} prefix="settings" />
        </div>
      </FieldGroup>
      <FieldGroup title={t('connect.more')}>
        <FieldRow>
          <TextInput {...form.getInputProps('name')} label={t('connect.name')} description={t('connect.nameHelp')} maxLength={80} autoComplete="off" />
          {companies.length > 1 ? (
            <Select
              {...form.getInputProps('companyId')}
              label={t('connect.company')}
              description={t('connect.companyHelp')}
              data={companies.map((company) => ({ value: company.id, label: company.name }))}
              allowDeselect={false}
            />
          ) : null}
        </FieldRow>
      </FieldGroup>
      {answer === undefined ? null : <TestAnswer answer={answer} />}
      <Line>
        <Button onClick={() => void test()} loading={testing}>
          {t('connect.test')}
        </Button>
      </Line>
    </FormFrame>
  );
}
