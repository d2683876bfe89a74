import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useLocation, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../api/actor.ts';
import { postJson } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { safeBack } from '../../lib/paths.ts';
import { parseSearch } from '../../lib/url-state.ts';
import { FormFrame, useSave } from '../../ui/form.tsx';
import { Gate } from './gate.tsx';

/** Opens the session and goes where the person wanted to go. */
export function Page() {
  const { t } = useTranslation('accounts');
  const router = useRouter();
  const { back } = parseSearch(useLocation().searchStr);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? t('signIn.emailMissing') : null),
      password: (value) => (value === '' ? t('signIn.passwordMissing') : null),
    },
  });
  const saving = useSave(form, {
    save: ({ email, password }) => postJson('/auth/sign-in/email', { email: email.trim(), password }),
    done: async () => {
      await queryClient.fetchQuery(meQuery);
      await router.navigate({ href: safeBack(typeof back === 'string' ? back : undefined), replace: true });
    },
  });
  return (
    <Gate title={t('signIn.title')} foot={t('signIn.forgotten')}>
      <FormFrame saving={saving} action={t('signIn.action')}>
        <TextInput {...form.getInputProps('email')} key={form.key('email')} label={t('signIn.email')} type="email" autoComplete="username" autoFocus />
        <PasswordInput {...form.getInputProps('password')} key={form.key('password')} label={t('signIn.password')} autoComplete="current-password" />
      </FormFrame>
    </Gate>
  );
}
