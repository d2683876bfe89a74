import { useState } from 'react';
import { Button, PasswordInput, Radio, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { User } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { toProblem } from '../../api/problem.ts';
import { formatExact } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useZone } from '../../lib/zone.ts';
import { confirm } from '../../ui/confirm.tsx';
import { FieldGroup, FormFrame, useSave } from '../../ui/form.tsx';
import { Line, Stack } from '../../ui/page.tsx';
import { ShowOnce } from '../../ui/show-once.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { refreshUsers } from './queries.ts';
import { ScopeFields } from './scope-fields.tsx';
import css from './settings.module.css';
import { makePassword, newUserValues, scopeOf, userValues } from './user-values.ts';
import type { UserValues } from './user-values.ts';

type PasswordLink = Awaited<ReturnType<typeof api.accounts.users.resetPassword>>;

/** What was made for somebody and is known only now. */
type Secret = { kind: 'link'; link: PasswordLink } | { kind: 'password'; password: string };

const NAME = 120;
const TITLE = 80;
const EMAIL = 254;
const PASSWORD = 200;
const SHORTEST = 10;

/** The link or the password, to be handed on by whoever made it. */
function Handover({ secret, user, onDone }: { secret: Secret; user: Pick<User, 'name' | 'email'>; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const zone = useZone();
  const { name, email } = user;
  const link = secret.kind === 'link';
  return (
    <ShowOnce
      label={t(link ? 'users.linkLabel' : 'users.passwordLabel')}
      value={link ? `${window.location.origin}${paths.setPassword(secret.link.token)}` : secret.password}
      warning={t('once.warning')}
      notCopied={t('once.notCopied')}
      action={t('once.done')}
      onDone={onDone}
    >
      {link ? t('users.linkBody', { name, email, until: formatExact(secret.link.expiresAt, zone) }) : t('users.passwordBody', { name, email })}
    </ShowOnce>
  );
}

function useUserForm(initialValues: UserValues, isNew: boolean) {
  const { t } = useTranslation('settings');
  return useForm<UserValues>({
    initialValues,
    validate: {
      name: (name) => (name.trim() === '' ? t('required') : null),
      email: (email) => (/^\S+@\S+\.\S+$/.test(email.trim()) ? null : t('users.emailWrong')),
      companyIds: (ids, { scope }) => (scope === 'some' && ids.length === 0 ? t('companiesNone') : null),
      password: (password, { entry }) => (isNew && entry === 'password' && password.length < SHORTEST ? t('users.passwordShort') : null),
    },
  });
}

/** Adds somebody; then the link or password to hand on. */
export function NewUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { limited, companies } = useActor();
  const form = useUserForm(newUserValues(limited ? companies.map((company) => company.id) : undefined), true);
  const [made, setMade] = useState<{ user: User; secret: Secret } | undefined>();
  const saving = useSave(form, {
    save: ({ name, email, title, role, entry, password, ...scope }) =>
      api.accounts.users.create({
        name: name.trim(),
        email: email.trim(),
        title: title.trim(),
        role,
        companyIds: scopeOf(scope),
        password: entry === 'password' ? password : undefined,
      }),
    done: async ({ user, passwordLink }, { password }) => {
      setMade({ user, secret: passwordLink === null ? { kind: 'password', password } : { kind: 'link', link: passwordLink } });
      toast(t('users.added', { name: user.name }));
      await refreshUsers();
    },
  });
  if (made !== undefined) return <Handover {...made} onDone={onClose} />;
  return (
    <FormFrame saving={saving} action={t('users.add')} onCancel={onClose} cancel={t('users.cancel')}>
      <TextInput {...form.getInputProps('name')} key={form.key('name')} label={t('users.name')} maxLength={NAME} autoComplete="off" data-autofocus />
      <TextInput
        {...form.getInputProps('email')}
        key={form.key('email')}
        label={t('users.email')}
        description={t('users.emailHelp')}
        type="email"
        maxLength={EMAIL}
        autoComplete="off"
      />
      <TextInput
        {...form.getInputProps('title')}
        key={form.key('title')}
        label={t('users.jobTitle')}
        description={t('users.jobTitleHelp')}
        maxLength={TITLE}
        autoComplete="off"
      />
      <ScopeFields form={form} />
      <Radio.Group {...form.getInputProps('entry')} key={form.key('entry')} label={t('users.entry')}>
        <Stack tight>
          <Radio size="xs" classNames={{ body: css.radioBody, label: css.radio }} value="link" label={t('users.byLink')} />
          <Radio size="xs" classNames={{ body: css.radioBody, label: css.radio }} value="password" label={t('users.byPassword')} />
        </Stack>
      </Radio.Group>
      {form.values.entry === 'link' ? null : (
        <>
          <PasswordInput
            {...form.getInputProps('password')}
            key={form.key('password')}
            label={t('users.password')}
            description={t('users.passwordHelp')}
            maxLength={PASSWORD}
            autoComplete="new-password"
            data-1p-ignore
          />
          <Line>
            <Button size="xs" onClick={() => form.setFieldValue('password', makePassword())}>
              {t('users.makeOne')}
            </Button>
          </Line>
        </>
      )}
    </FormFrame>
  );
}

/** Edits somebody: role, companies, whether they may come in; a new link; and taking them out. */
export function EditUser({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { actor } = useActor();
  const form = useUserForm(userValues(user), false);
  const [link, setLink] = useState<PasswordLink | undefined>();
  const [refused, setRefused] = useState<string | undefined>();
  const { id, name } = user;
  const isMe = actor.kind === 'user' && actor.id === id;
  const saving = useSave(form, {
    save: (values) =>
      api.accounts.users.update({
        id,
        name: values.name.trim(),
        title: values.title.trim(),
        role: values.role,
        companyIds: scopeOf(values),
        active: values.active,
      }),
    done: async (saved) => {
      onClose();
      toast(t('users.saved', { name: saved.name }));
      await refreshUsers();
    },
  });
  const attempt = async (deed: () => Promise<void>): Promise<void> => {
    setRefused(undefined);
    try {
      await deed();
      await refreshUsers();
    } catch (error) {
      setRefused(toProblem(error).message);
    }
  };
  const reset = async (): Promise<void> => {
    if (
      user.hasPassword &&
      !(await confirm({ title: t('users.resetTitle', { name }), body: t('users.resetBody', { name }), action: t('users.resetAction'), danger: true }))
    )
      return;
    await attempt(async () => setLink(await api.accounts.users.resetPassword({ id })));
  };
  const remove = async (): Promise<void> => {
    if (!(await confirm({ title: t('users.removeTitle', { name }), body: t('users.removeBody', { name }), action: t('users.removeAction'), danger: true })))
      return;
    await attempt(async () => {
      await api.accounts.users.remove({ id });
      onClose();
      toast(t('users.removed', { name }));
    });
  };
  if (link !== undefined) return <Handover secret={{ kind: 'link', link }} user={user} onDone={onClose} />;
  return (
    <>
      <FormFrame saving={saving} action={t('users.save')} onCancel={onClose} cancel={t('users.cancel')}>
        <TextInput {...form.getInputProps('name')} key={form.key('name')} label={t('users.name')} maxLength={NAME} autoComplete="off" data-autofocus />
        <TextInput label={t('users.email')} value={user.email} readOnly variant="filled" />
        <TextInput
          {...form.getInputProps('title')}
          key={form.key('title')}
          label={t('users.jobTitle')}
          description={t('users.jobTitleHelp')}
          maxLength={TITLE}
          autoComplete="off"
        />
        <ScopeFields form={form} />
        <Switch
          {...form.getInputProps('active', { type: 'checkbox' })}
          key={form.key('active')}
          label={t('users.active')}
          description={t('users.activeHelp')}
        />
      </FormFrame>
      <FieldGroup title={t('users.passwordState')} help={user.hasPassword ? t('users.resetNote') : t('users.isWaiting')}>
        {refused === undefined ? null : (
          <Notice state="bad" live>
            {refused}
          </Notice>
        )}
        <Line spread>
          <Button onClick={() => void reset()}>{t(user.hasPassword ? 'users.reset' : 'users.resetNow')}</Button>
          {isMe ? null : (
            <Button variant="subtle" c="var(--k-bad)" onClick={() => void remove()}>
              {t('users.remove', { name })}
            </Button>
          )}
        </Line>
      </FieldGroup>
    </>
  );
}
