import { PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useLocation, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../api/actor.ts';
import { api, postJson } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { paths } from '../../lib/paths.ts';
import { parseSearch } from '../../lib/url-state.ts';
import { FormFrame, useSave } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { Notice } from '../../ui/states.tsx';
import { Gate } from './gate.tsx';

/** Opened from a one-time link: chooses the password and signs in with it. */
export function Page() {
  const { t } = useTranslation('accounts');
  const router = useRouter();
  const { token } = parseSearch(useLocation().searchStr);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: (value) => (value.length >= 10 ? null : t('check.password')) },
  });
  const saving = useSave(form, {
    save: async ({ password }) => {
      const { email } = await api.accounts.setPassword({ token: String(token), password });
      await postJson('/auth/sign-in/email', { email, password });
    },
    done: async () => {
      await queryClient.fetchQuery(meQuery);
      await router.navigate({ href: paths.today(), replace: true });
    },
  });
  if (typeof token !== 'string')
    return (
      <Gate title={t('newPassword.title')} foot={<Link to={paths.signIn()}>{t('newPassword.toSignIn')}</Link>}>
        <Notice state="bad">{t('newPassword.noLink')}</Notice>
      </Gate>
    );
  return (
    <Gate title={t('newPassword.title')} intro={t('newPassword.intro')} foot={<Link to={paths.signIn()}>{t('newPassword.toSignIn')}</Link>}>
      <FormFrame saving={saving} action={t('newPassword.action')}>
        <PasswordInput
          {...form.getInputProps('password')}
          key={form.key('password')}
          label={t('newPassword.password')}
          description={t('setup.passwordHelp')}
          autoComplete="new-password"
          autoFocus
        />
      </FormFrame>
    </Gate>
  );
}
