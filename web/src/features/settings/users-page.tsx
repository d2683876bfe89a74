import { useMemo } from 'react';
import { Button } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { isId, useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet, RowCard } from '../../ui/cells.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { Status } from '../../ui/glyph.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { Page as Frame, PageHead } from '../../ui/page.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { EmptyState, Problem, SkeletonLines } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { CompanyNames } from './company-names.tsx';
import { userQuery, usersQuery, namedSearch } from './queries.ts';
import { EditUser, NewUser } from './user-form.tsx';

export const load = ({ queryClient }: LoadArgs) => queryClient.prefetchInfiniteQuery(usersQuery());

const rowId = (user: User): string => user.id;
const rowName = (user: User): string => user.name;
const href = (user: User): string => paths.settings('users', { open: user.id });

function State({ user }: { user: User }) {
  const { t } = useTranslation('settings');
  if (!user.active) return <Status state="none">{t('users.isOff')}</Status>;
  return user.hasPassword ? <Status state="good">{t('users.isActive')}</Status> : <Status state="attention">{t('users.isWaiting')}</Status>;
}

function Role({ role }: { role: User['role'] }) {
  const { t } = useTranslation('settings');
  return <>{t(`role.${role}`)}</>;
}

function Person({ user }: { user: User }) {
  const { t } = useTranslation('settings');
  const { actor } = useActor();
  const parts = [user.title, actor.id === user.id ? t('users.you') : ''].filter((part) => part !== '');
  return (
    <span>
      {user.name}
      {parts.length === 0 ? null : <Quiet>, {parts.join(', ')}</Quiet>}
    </span>
  );
}

function Seen({ user }: { user: User }) {
  const { t } = useTranslation('settings');
  return user.lastSeenAt === null ? <Quiet>{t('users.never')}</Quiet> : <When at={user.lastSeenAt} />;
}

const card = (user: User) => (
  <RowCard
    title={<Person user={user} />}
    lines={[user.email, <CompanyNames key="companies" ids={user.companyIds} />]}
    end={[<Role key="role" role={user.role} />, <State key="state" user={user} />]}
  />
);

/** Who may sign in, with what role. */
export function Page() {
  const { t } = useTranslation('settings');
  const { companies } = useActor();
  const [{ open }, setSearch] = useUrlState(namedSearch);
  const query = useInfiniteQuery(usersQuery());
  const several = companies.length > 1;
  const columns = useMemo<Column<User>[]>(
    () => [
      { id: 'name', header: t('users.person'), chars: 22, grow: true, fixed: true, cell: (user) => <Person user={user} /> },
      { id: 'email', header: t('users.email'), chars: 26, grow: true, cell: (user) => <Quiet>{user.email}</Quiet> },
      { id: 'role', header: t('users.access'), chars: 16, cell: (user) => <Role role={user.role} /> },
      ...(several ? [{ id: 'companies', header: t('users.companies'), chars: 20, cell: (user: User) => <CompanyNames ids={user.companyIds} /> }] : []),
      { id: 'state', header: t('users.state'), chars: 23, cell: (user) => <State user={user} /> },
      { id: 'seen', header: t('users.seen'), chars: 14, end: true, cell: (user) => <Seen user={user} /> },
    ],
    [t, several],
  );
  const layout = useListLayout('users', columns);
  const users = query.data?.pages.flatMap((page) => page.items);
  const close = (): void => setSearch({ open: undefined });
  return (
    <Frame title={t('section.users')} fill>
      <PageHead
        title={t('section.users')}
        count={users === undefined || query.hasNextPage ? undefined : formatNumber(users.length)}
        actions={
          <Button variant="filled" leftSection={<IconPlus size="1em" stroke={1.6} />} onClick={() => setSearch({ open: 'new' }, { push: true })}>
            {t('users.add')}
          </Button>
        }
      />
      <DataList
        label={t('section.users')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        href={href}
        card={card}
        empty={
          <EmptyState icon={<IconUsers size="1em" stroke={1.4} />} title={t('users.empty')}>
            {t('users.emptyText')}
          </EmptyState>
        }
      />
      <QuickLook opened={open === 'new'} onClose={close} title={t('users.addTitle')}>
        {open === 'new' ? <NewUser onClose={close} /> : null}
      </QuickLook>
      <OneUser id={isId(open) ? open : undefined} known={users?.find((user) => user.id === open)} onClose={close} />
    </Frame>
  );
}

function OneUser({ id, known, onClose }: { id: string | undefined; known: User | undefined; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const query = useQuery({ ...userQuery(id ?? ''), enabled: id !== undefined, placeholderData: known });
  const user = id === undefined ? undefined : query.data;
  return (
    <QuickLook opened={id !== undefined} onClose={onClose} title={user === undefined ? t('section.users') : t('users.editTitle', { name: user.name })}>
      {user !== undefined ? (
        <EditUser key={user.id} user={user} onClose={onClose} />
      ) : query.isError ? (
        <Problem error={query.error} title={t('users.gone')} />
      ) : (
        <SkeletonLines lines={6} />
      )}
    </QuickLook>
  );
}
