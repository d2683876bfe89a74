import { useMemo } from 'react';
import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../api/actor.ts';
import { api, postJson } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { currentLocale } from '../../lib/i18n.ts';
import { paths } from '../../lib/paths.ts';
import { countries, currencies, timeZones } from '../../lib/world.ts';
import { FieldGroup, FieldRow, FormFrame, useSave } from '../../ui/form.tsx';
import { Gate } from './gate.tsx';
import { initialSetup } from './setup-values.ts';

/** First start: makes the owner, the company and the shop, signs in, opens Today. */
export function Page() {
  const { t } = useTranslation('accounts');
  const router = useRouter();
  const filled = (value: string): string | null => (value.trim() === '' ? t('check.required') : null);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: initialSetup(),
    validate: {
      name: filled,
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : t('check.email')),
      password: (value) => (value.length >= 10 ? null : t('check.password')),
      shopName: filled,
      companyName: filled,
    },
  });
  const saving = useSave(form, {
    save: async (values) => {
      await api.accounts.setup.create(values);
      await postJson('/auth/sign-in/email', { email: values.email.trim(), password: values.password });
    },
    done: async () => {
      await queryClient.fetchQuery(meQuery);
      await router.navigate({ href: paths.today(), replace: true });
    },
  });
  const locale = currentLocale();
  const options = useMemo(() => ({ countries: countries(locale), currencies: currencies(locale), zones: timeZones() }), [locale]);
  return (
    <Gate title={t('setup.title')} intro={t('setup.intro')} wide>
      <FormFrame saving={saving} action={t('setup.action')}>
        <FieldGroup title={t('setup.you')}>
          <FieldRow>
            <TextInput key={form.key('name')} {...form.getInputProps('name')} label={t('setup.name')} autoComplete="name" autoFocus />
            <TextInput key={form.key('email')} {...form.getInputProps('email')} label={t('setup.email')} type="email" autoComplete="username" />
          </FieldRow>
          <PasswordInput
            key={form.key('password')}
            {...form.getInputProps('password')}
            label={t('setup.password')}
            description={t('setup.passwordHelp')}
            autoComplete="new-password"
          />
        </FieldGroup>
        <FieldGroup title={t('setup.shop')}>
          <FieldRow>
            <TextInput key={form.key('shopName')} {...form.getInputProps('shopName')} label={t('setup.shopName')} description={t('setup.shopNameHelp')} />
            <TextInput
              key={form.key('companyName')}
              {...form.getInputProps('companyName')}
              label={t('setup.companyName')}
              description={t('setup.companyHelp')}
              autoComplete="organization"
            />
          </FieldRow>
          <FieldRow>
            <Select
              key={form.key('country')}
              {...form.getInputProps('country')}
              label={t('setup.country')}
              data={options.countries}
              searchable
              allowDeselect={false}
            />
            <Select
              key={form.key('timeZone')}
              {...form.getInputProps('timeZone')}
              label={t('setup.timeZone')}
              data={options.zones}
              limit={100}
              searchable
              allowDeselect={false}
            />
          </FieldRow>
          <Select
            key={form.key('currency')}
            {...form.getInputProps('currency')}
            label={t('setup.currency')}
            description={t('setup.currencyHelp')}
            data={options.currencies}
            searchable
            allowDeselect={false}
          />
        </FieldGroup>
      </FormFrame>
    </Gate>
  );
}
