import { useMemo, useRef, useState } from 'react';
import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Company } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { toProblem } from '../../api/problem.ts';
import { currentLocale } from '../../lib/i18n.ts';
import { countries, currencies } from '../../lib/world.ts';
import { confirm } from '../../ui/confirm.tsx';
import { FieldGroup, FieldRow, FormFrame, useSave } from '../../ui/form.tsx';
import { Line } from '../../ui/page.tsx';
import { Facts } from '../../ui/panel.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { keepCompany } from './queries.ts';
import { presentOf, StaleNotice } from './stale-notice.tsx';

interface Values extends Record<string, unknown> {
  name: string;
  legalName: string;
  vatNumber: string;
  country: string;
  currency: string;
  isDefault: boolean;
}
const texts = ['name', 'legalName', 'vatNumber', 'country', 'currency'] as const;
const MAX = { name: 120, legalName: 200, vatNumber: 40 } as const;

const toValues = (company: Company): Values => ({
  name: company.name,
  legalName: company.legalName,
  vatNumber: company.vatNumber,
  country: company.country,
  currency: company.currency,
  isDefault: company.isDefault,
});

/** Adds a company, or edits one; a stale save shows both versions. */
export function CompanyForm({ company, onClose }: { company?: Company; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { shop, companies } = useActor();
  const version = useRef(company?.version ?? 1);
  const [theirs, setTheirs] = useState<Company | undefined>();
  const country = companies.find((one) => one.isDefault)?.country ?? 'RO';
  const form = useForm<Values>({
    initialValues: company === undefined ? { name: '', legalName: '', vatNumber: '', country, currency: shop.currency, isDefault: false } : toValues(company),
    validate: { name: (name) => (name.trim() === '' ? t('required') : null) },
  });
  const saving = useSave(form, {
    save: ({ isDefault, ...values }) => {
      const input = { ...values, name: values.name.trim(), legalName: values.legalName.trim(), vatNumber: values.vatNumber.trim() };
      return company === undefined
        ? api.accounts.companies.create({ ...input, isDefault })
        : api.accounts.companies.update({ id: company.id, version: version.current, ...input });
    },
    done: async (saved) => {
      onClose();
      toast(t(company === undefined ? 'companies.added' : 'companies.saved', { name: saved.name }));
      await keepCompany(saved);
    },
    handle: (problem) => {
      const current = problem.code === 'resource.stale' ? presentOf<Company>(problem) : undefined;
      if (current === undefined) return false;
      version.current = current.version;
      setTheirs(current);
      return true;
    },
  });
  const options = useMemo(() => {
    const locale = currentLocale();
    const known = countries(locale);
    const own = company?.country;
    return {
      countries: own === undefined || known.some((one) => one.value === own) ? known : [{ value: own, label: own }, ...known],
      currencies: currencies(locale),
    };
  }, [company?.country]);
  const take = (): void => {
    if (theirs === undefined) return;
    form.setValues(toValues(theirs));
    setTheirs(undefined);
  };
  const action = theirs !== undefined ? 'stale.saveMine' : company === undefined ? 'companies.create' : 'companies.save';
  return (
    <FormFrame saving={saving} action={t(action)} onCancel={onClose} cancel={t('companies.cancel')}>
      {theirs === undefined ? null : (
        <StaleNotice
          rows={texts.map((field) => ({ id: field, label: t(`companies.${field}`), theirs: theirs[field], mine: form.values[field] }))}
          onTake={take}
        />
      )}
      <TextInput
        {...form.getInputProps('name')}
        key={form.key('name')}
        label={t('companies.name')}
        description={t('companies.nameHelp')}
        maxLength={MAX.name}
        autoComplete="off"
        data-autofocus
      />
      <TextInput
        {...form.getInputProps('legalName')}
        key={form.key('legalName')}
        label={t('companies.legalName')}
        description={t('companies.legalNameHelp')}
        maxLength={MAX.legalName}
        autoComplete="off"
      />
      <TextInput
        {...form.getInputProps('vatNumber')}
        key={form.key('vatNumber')}
        label={t('companies.vatNumber')}
        maxLength={MAX.vatNumber}
        autoComplete="off"
      />
      <FieldRow>
        <Select
          {...form.getInputProps('country')}
          key={form.key('country')}
          label={t('companies.country')}
          data={options.countries}
          searchable
          allowDeselect={false}
        />
        <Select
          {...form.getInputProps('currency')}
          key={form.key('currency')}
          label={t('companies.currency')}
          data={options.currencies}
          limit={100}
          searchable
          allowDeselect={false}
        />
      </FieldRow>
      {company === undefined ? (
        <Switch
          {...form.getInputProps('isDefault', { type: 'checkbox' })}
          key={form.key('isDefault')}
          label={t('companies.isDefault')}
          description={t('companies.isDefaultHelp')}
        />
      ) : null}
    </FormFrame>
  );
}

/** Default, archive, restore: what is done with a company as a whole. */
export function CompanyDeeds({ company, onClose }: { company: Company; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { limited } = useActor();
  const [refused, setRefused] = useState<string | undefined>();
  const { id, name, version } = company;
  const attempt = async (change: { isDefault: true } | { archived: boolean }, done: string): Promise<void> => {
    setRefused(undefined);
    try {
      const saved = await api.accounts.companies.update({ id, version, ...change });
      onClose();
      toast(done);
      await keepCompany(saved);
    } catch (error) {
      setRefused(toProblem(error).message);
    }
  };
  const archive = async (): Promise<void> => {
    if (
      !(await confirm({ title: t('companies.archiveTitle', { name }), body: t('companies.archiveBody'), action: t('companies.archiveAction'), danger: true }))
    )
      return;
    await attempt({ archived: true }, t('companies.archivedNow', { name }));
  };
  return (
    <FieldGroup title={t('companies.more')} help={company.isDefault ? t('companies.defaultNote') : undefined}>
      {refused === undefined ? null : (
        <Notice state="bad" live>
          {refused}
        </Notice>
      )}
      {company.isDefault ? null : (
        <Line spread>
          {company.archivedAt !== null ? (
            <Button onClick={() => void attempt({ archived: false }, t('companies.restored', { name }))}>{t('companies.restore')}</Button>
          ) : (
            <>
              {limited ? null : (
                <Button onClick={() => void attempt({ isDefault: true }, t('companies.madeDefault', { name }))}>{t('companies.makeDefault')}</Button>
              )}
              <Button variant="subtle" c="var(--k-bad)" onClick={() => void archive()}>
                {t('companies.archive')}
              </Button>
            </>
          )}
        </Line>
      )}
    </FieldGroup>
  );
}

/** The same for whoever may only look. */
export function CompanyFacts({ company }: { company: Company }) {
  const { t } = useTranslation('settings');
  return <Facts groups={[texts.map((field) => ({ label: t(`companies.${field}`), value: company[field] === '' ? '–' : company[field] }))]} />;
}
