import { PasswordInput, SegmentedControl, Select, TextInput, useMantineColorScheme } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { meQuery, useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { languages, setLanguage } from '../../lib/i18n.ts';
import type { LoadArgs } from '../../routes.tsx';
import { FieldRow, FormFrame, useSave } from '../../ui/form.tsx';
import { Line, Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { CompanyNames } from './company-names.tsx';
import { changePassword, sessionsQuery } from './queries.ts';
import { Sessions } from './sessions-panel.tsx';

export const load = ({ queryClient }: LoadArgs) => queryClient.prefetchQuery(sessionsQuery);

const NAME = 120;
const TITLE = 80;
const PASSWORD = 200;
const SHORTEST = 10;

/** One's own account. */
export function Page() {
  const { t } = useTranslation('settings');
  const { actor } = useActor();
  return (
    <Frame title={t('section.me')}>
      <PageHead title={t('section.me')} />
      <PageBody reading>
        {actor.kind === 'user' ? (
          <Stack>
            <Profile />
            <Look />
            <NewPassword />
            <Sessions />
          </Stack>
        ) : (
          <EmptyState title={t('me.noUser')} />
        )}
      </PageBody>
    </Frame>
  );
}

function Profile() {
  const { t } = useTranslation('settings');
  const { actor, limited, companies } = useActor();
  const form = useForm({ initialValues: { name: actor.name, title: actor.title }, validate: { name: (name) => (name.trim() === '' ? t('required') : null) } });
  const saving = useSave(form, {
    save: ({ name, title }) => api.accounts.updateMe({ name: name.trim(), title: title.trim() }),
    done: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: meQuery.queryKey }), queryClient.invalidateQueries({ queryKey: ['users'] })]);
      toast(t('me.saved'));
    },
  });
  return (
    <Panel title={t('me.profile')}>
      <FormFrame saving={saving} action={t('me.save')}>
        <Facts
          groups={[
            [
              { label: t('me.email'), value: actor.email ?? '–' },
              { label: t('me.role'), value: actor.role === null ? '–' : `${t(`role.${actor.role}`)}: ${t(`roleAbout.${actor.role}`)}` },
              { label: t('me.companies'), value: <CompanyNames ids={limited ? companies.map((company) => company.id) : null} /> },
            ],
          ]}
        />
        <FieldRow>
          <TextInput {...form.getInputProps('name')} label={t('me.name')} description={t('me.nameHelp')} maxLength={NAME} autoComplete="name" />
          <TextInput
            {...form.getInputProps('title')}
            label={t('me.jobTitle')}
            description={t('me.jobTitleHelp')}
            maxLength={TITLE}
            autoComplete="organization-title"
          />
        </FieldRow>
      </FormFrame>
    </Panel>
  );
}

const schemes = [
  ['light', 'me.light'],
  ['dark', 'me.dark'],
  ['auto', 'me.system'],
] as const satisfies readonly (readonly [MantineColorScheme, string])[];

/** Colours and language; both stay in this browser. */
function Look() {
  const { t, i18n } = useTranslation('settings');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (language: string | null): void => {
    const known = languages.find((one) => one.value === language);
    if (known === undefined) return;
    void setLanguage(known.value);
    void api.accounts.updateMe({ locale: known.value });
  };
  return (
    <Panel title={t('me.appearance')}>
      <Stack>
        <Line>
          <SegmentedControl
            aria-label={t('me.theme')}
            value={colorScheme}
            onChange={(value) => {
              const scheme = schemes.find(([one]) => one === value);
              if (scheme !== undefined) setColorScheme(scheme[0]);
            }}
            data={schemes.map(([value, label]) => ({ value, label: t(label) }))}
          />
        </Line>
        {languages.length < 2 ? null : <Select label={t('me.language')} value={i18n.language} onChange={choose} data={[...languages]} allowDeselect={false} />}
      </Stack>
    </Panel>
  );
}

function NewPassword() {
  const { t } = useTranslation('settings');
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      currentPassword: (password) => (password === '' ? t('required') : null),
      newPassword: (password) => (password.length < SHORTEST ? t('me.tooShort') : null),
    },
  });
  const saving = useSave(form, {
    save: changePassword,
    done: () => {
      form.reset();
      toast(t('me.changed'));
    },
  });
  return (
    <Panel title={t('me.password')}>
      <FormFrame saving={saving} action={t('me.change')} note={t('me.changeNote')}>
        <FieldRow>
          <PasswordInput {...form.getInputProps('currentPassword')} label={t('me.current')} maxLength={PASSWORD} autoComplete="current-password" />
          <PasswordInput
            {...form.getInputProps('newPassword')}
            label={t('me.fresh')}
            description={t('me.freshHelp')}
            maxLength={PASSWORD}
            autoComplete="new-password"
          />
        </FieldRow>
      </FormFrame>
    </Panel>
  );
}
