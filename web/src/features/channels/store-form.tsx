import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Platform, Store } from '../../../../server/src/modules/channels/contract.ts';
import { DescribedFields, describedErrors } from '../../ui/described-form.tsx';
import { FieldRow, useSave } from '../../ui/form.tsx';
import { Quiet } from '../../ui/cells.tsx';
import { Stack } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import css from './channels.module.css';
import { updateStore } from './queries.ts';
import { RuleFields } from './rule-fields.tsx';
import { changedOnly, formOutput, toRule, toValues } from './store-values.ts';
import type { StoreValues } from './store-values.ts';

const prefixed = (group: string, errors: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([name, error]) => [`${group}.${name}`, error]));

/**
 * Name, keys, settings and stock rule of a connected store: the panels for the page's body, the bar for its foot.
 * What others change meanwhile is taken over while nothing is typed.
 */
export function useStoreForm(store: Store, platform: Platform): { panels: ReactNode; bar: ReactNode } {
  const { t } = useTranslation('channels');
  const [version, setVersion] = useState(store.version);
  const [stale, setStale] = useState(false);
  const stored = new Set(store.credentials.filter((one) => one.isSet && one.value === null).map((one) => one.name));
  const form = useForm<StoreValues>({
    initialValues: toValues(store, platform),
    validate: (values) => ({
      ...(values.name.trim() === '' ? { name: t('store.nameMissing') } : {}),
      ...(/^.{1,3}$/u.test(values.mark.trim()) ? {} : { mark: t('store.markLength') }),
      ...prefixed('credentials', describedErrors(platform.credentials, values.credentials, stored)),
      ...prefixed('settings', describedErrors(platform.settings, values.settings)),
    }),
  });
  const take = (current: Store): void => {
    const values = toValues(current, platform);
    form.setInitialValues(values);
    form.setValues(values);
    form.clearErrors();
    setVersion(current.version);
    setStale(false);
  };
  const dirty = form.isDirty();
  useEffect(() => {
    if (store.version !== version && !dirty) take(store);
    // Only a new version or a form that is clean again matters.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [store.version, dirty]);
  const saving = useSave(form, {
    save: (values) => {
      const credentials = changedOnly(platform.credentials, values.credentials, toValues(store, platform).credentials);
      return updateStore({
        platform: store.platform,
        id: store.id,
        version,
        name: values.name.trim(),
        mark: values.mark.trim(),
        testMode: values.testMode,
        settings: formOutput(platform.settings, values.settings),
        stockRule: toRule(values.stockRule),
        credentials: Object.keys(credentials).length === 0 ? undefined : credentials,
      });
    },
    done: (saved) => {
      take(saved);
      toast(t('store.saved', { name: saved.name }));
    },
    handle: (problem) => {
      if (problem.code !== 'resource.stale') return false;
      setStale(true);
      return true;
    },
  });
  const labels: readonly (readonly [string, string])[] = [
    ['name', t('store.name')],
    ['mark', t('store.mark')],
    ['testMode', t('store.practice')],
    ...platform.credentials.map((field) => [`credentials.${field.name}`, field.label] as const),
    ...platform.settings.map((field) => [`settings.${field.name}`, field.label] as const),
    ['stockRule.sharePercent', t('rule.share')],
    ['stockRule.buffer', t('rule.buffer')],
    ['stockRule.minimum', t('rule.minimum')],
    ['stockRule.cap', t('rule.cap')],
  ];
  const panels = (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        {stale ? (
          <Notice state="attention" live title={t('store.stale')} action={<Button onClick={() => take(store)}>{t('store.load')}</Button>}>
            {t('store.staleText')}
          </Notice>
        ) : null}
        {platform.capabilities.includes('stock') ? (
          <Panel title={t('store.rule')}>
            <Stack>
              <RuleFields form={form} />
            </Stack>
          </Panel>
        ) : null}
        <Panel title={t('store.general')}>
          <FieldRow>
            <TextInput {...form.getInputProps('name')} label={t('store.name')} maxLength={80} autoComplete="off" />
            <TextInput {...form.getInputProps('mark')} label={t('store.mark')} description={t('store.markHelp')} maxLength={3} autoComplete="off" />
          </FieldRow>
        </Panel>
        <Panel title={t('store.keys')}>
          <Stack>
            <Quiet>{t('store.keysHelp')}</Quiet>
            <div className={css.fields}>
              <DescribedFields form={form} fields={platform.credentials} prefix="credentials" storedSecrets={stored} />
            </div>
            {platform.hasTestMode ? (
              <Switch
                {...form.getInputProps('testMode', { type: 'checkbox' })}
                label={t('store.practice')}
                description={t('connect.practiceHelp', { platform: platform.name })}
              />
            ) : null}
          </Stack>
        </Panel>
        <Panel title={t('store.settings')}>
          <div className={css.fields}>
            <DescribedFields form={form} fields={platform.settings} prefix="settings" />
          </div>
        </Panel>
      </Stack>
    </form>
  );
  const bar = (
    <SaveBar
      fields={labels.filter(([path]) => form.isDirty(path)).map(([, label]) => label)}
      saving={saving.saving}
      problem={saving.problem?.message}
      saveLabel={t('store.save')}
      onSave={saving.submit}
      onDiscard={() => take(store)}
    />
  );
  return { panels, bar };
}
