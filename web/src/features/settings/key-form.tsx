import { useState } from 'react';
import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { ApiKey, RoleName } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { paths } from '../../lib/paths.ts';
import { confirm } from '../../ui/confirm.tsx';
import { FormFrame, useSave } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { Line } from '../../ui/page.tsx';
import { Facts } from '../../ui/panel.tsx';
import { ShowOnce } from '../../ui/show-once.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { When } from '../../ui/when.tsx';
import { CompanyNames } from './company-names.tsx';
import { KeyState } from './key-state.tsx';
import { refreshKeys } from './queries.ts';
import { ScopeFields } from './scope-fields.tsx';
import { scopeOf } from './user-values.ts';

const expiries = ['never', 'days30', 'days90', 'days365'] as const;
type Expiry = (typeof expiries)[number];
const DAYS: Record<Exclude<Expiry, 'never'>, number> = { days30: 30, days90: 90, days365: 365 };
const DAY_MS = 24 * 3600 * 1000;
const NAME = 120;

interface KeyValues extends Record<string, unknown> {
  name: string;
  role: RoleName;
  scope: 'all' | 'some';
  companyIds: string[];
  expires: Expiry;
}

/** Makes a key; then shows it, once. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { limited, companies } = useActor();
  const [made, setMade] = useState<{ name: string; key: string } | undefined>();
  const form = useForm<KeyValues>({
    initialValues: {
      name: '',
      role: 'viewer',
      scope: limited ? 'some' : 'all',
      companyIds: limited ? companies.map((company) => company.id) : [],
      expires: 'never',
    },
    validate: {
      name: (name) => (name.trim() === '' ? t('required') : null),
      companyIds: (ids, { scope }) => (scope === 'some' && ids.length === 0 ? t('companiesNone') : null),
    },
  });
  const saving = useSave(form, {
    save: ({ name, role, expires, ...scope }) =>
      api.accounts.apiKeys.create({
        name: name.trim(),
        role,
        companyIds: scopeOf(scope),
        expiresAt: expires === 'never' ? null : new Date(Date.now() + DAYS[expires] * DAY_MS).toISOString(),
      }),
    done: async ({ apiKey, key }) => {
      setMade({ name: apiKey.name, key });
      await refreshKeys();
    },
  });
  if (made !== undefined)
    return (
      <ShowOnce
        label={t('keys.onceLabel')}
        value={made.key}
        warning={t('once.warning')}
        notCopied={t('once.notCopied')}
        action={t('once.done')}
        onDone={onClose}
      >
        {t('keys.onceTitle', { name: made.name })}. {t('keys.onceBody')}
      </ShowOnce>
    );
  return (
    <FormFrame saving={saving} action={t('keys.create')} onCancel={onClose} cancel={t('keys.cancel')}>
      <TextInput
        {...form.getInputProps('name')}
        key={form.key('name')}
        label={t('keys.name')}
        description={t('keys.nameHelp')}
        maxLength={NAME}
        autoComplete="off"
        data-autofocus
      />
      <ScopeFields form={form} />
      <Select
        {...form.getInputProps('expires')}
        key={form.key('expires')}
        label={t('keys.expires')}
        data={expiries.map((value) => ({ value, label: t(`keys.expiry.${value}`) }))}
        allowDeselect={false}
      />
    </FormFrame>
  );
}

/** What is known of a key, and its end. */
export function OneKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { name } = apiKey;
  const revoke = async (): Promise<void> => {
    if (!(await confirm({ title: t('keys.revokeTitle', { name }), body: t('keys.revokeBody'), action: t('keys.revokeAction'), danger: true }))) return;
    try {
      await api.accounts.apiKeys.revoke({ id: apiKey.id });
      onClose();
      toast(t('keys.revoked', { name }));
      await refreshKeys();
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <>
      <Facts
        groups={[
          [
            { label: t('keys.state'), value: <KeyState apiKey={apiKey} /> },
            { label: t('keys.access'), value: t(`role.${apiKey.role}`) },
            { label: t('keys.companies'), value: <CompanyNames ids={apiKey.companyIds} /> },
            { label: t('keys.begins'), value: `${apiKey.prefix}…` },
          ],
          [
            { label: t('keys.madeBy'), value: apiKey.createdBy },
            { label: t('keys.made'), value: <When at={apiKey.createdAt} /> },
            { label: t('keys.used'), value: apiKey.lastUsedAt === null ? t('keys.never') : <When at={apiKey.lastUsedAt} /> },
            ...(apiKey.expiresAt === null ? [] : [{ label: t('keys.expires'), value: <When at={apiKey.expiresAt} /> }]),
            ...(apiKey.revokedAt === null ? [] : [{ label: t('keys.isRevoked'), value: <When at={apiKey.revokedAt} /> }]),
          ],
        ]}
      />
      <Line spread>
        <Link to={paths.apiDocs()} target="_blank">
          {t('apiDocs')}
        </Link>
        {apiKey.revokedAt === null ? (
          <Button variant="subtle" c="var(--k-bad)" onClick={() => void revoke()}>
            {t('keys.revoke')}
          </Button>
        ) : null}
      </Line>
    </>
  );
}
