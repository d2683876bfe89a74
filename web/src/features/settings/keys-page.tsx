import { useMemo } from 'react';
import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet, RowCard } from '../../ui/cells.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { Page as Frame, PageHead } from '../../ui/page.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { CompanyNames } from './company-names.tsx';
import { NewKey, OneKey } from './key-form.tsx';
import { KeyState } from './key-state.tsx';
import { keysQuery, namedSearch } from './queries.ts';

export const load = ({ queryClient }: LoadArgs) => queryClient.prefetchInfiniteQuery(keysQuery());

const rowId = (apiKey: ApiKey): string => apiKey.id;
const rowName = (apiKey: ApiKey): string => apiKey.name;
const href = (apiKey: ApiKey): string => paths.settings('keys', { open: apiKey.id });

function Role({ role }: { role: ApiKey['role'] }) {
  const { t } = useTranslation('settings');
  return <>{t(`role.${role}`)}</>;
}

function Used({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation('settings');
  return apiKey.lastUsedAt === null ? <Quiet>{t('keys.never')}</Quiet> : <When at={apiKey.lastUsedAt} />;
}

const card = (apiKey: ApiKey) => (
  <RowCard
    title={apiKey.name}
    lines={[<Role key="role" role={apiKey.role} />, apiKey.createdBy]}
    end={[<KeyState key="state" apiKey={apiKey} />, <Used key="used" apiKey={apiKey} />]}
  />
);

/** Keys of programs. */
export function Page() {
  const { t } = useTranslation('settings');
  const { companies } = useActor();
  const [{ open }, setSearch] = useUrlState(namedSearch);
  const query = useInfiniteQuery(keysQuery());
  const several = companies.length > 1;
  const columns = useMemo<Column<ApiKey>[]>(
    () => [
      { id: 'name', header: t('keys.key'), chars: 24, grow: true, fixed: true, cell: (apiKey) => apiKey.name },
      { id: 'role', header: t('keys.access'), chars: 16, cell: (apiKey) => <Role role={apiKey.role} /> },
      ...(several ? [{ id: 'companies', header: t('keys.companies'), chars: 18, cell: (apiKey: ApiKey) => <CompanyNames ids={apiKey.companyIds} /> }] : []),
      { id: 'state', header: t('keys.state'), chars: 19, cell: (apiKey) => <KeyState apiKey={apiKey} /> },
      { id: 'madeBy', header: t('keys.madeBy'), chars: 16, cell: (apiKey) => <Quiet>{apiKey.createdBy}</Quiet> },
      { id: 'used', header: t('keys.used'), chars: 14, end: true, cell: (apiKey) => <Used apiKey={apiKey} /> },
    ],
    [t, several],
  );
  const layout = useListLayout('api-keys', columns);
  const keys = query.data?.pages.flatMap((page) => page.items);
  const opened = keys?.find((apiKey) => apiKey.id === open);
  const close = (): void => setSearch({ open: undefined });
  const add = (
    <Button variant="filled" leftSection={<IconPlus size="1em" stroke={1.6} />} onClick={() => setSearch({ open: 'new' }, { push: true })}>
      {t('keys.add')}
    </Button>
  );
  return (
    <Frame title={t('section.keys')} fill>
      <PageHead
        title={t('section.keys')}
        count={keys === undefined || query.hasNextPage || keys.length === 0 ? undefined : formatNumber(keys.length)}
        actions={keys?.length === 0 ? undefined : add}
      />
      <DataList
        label={t('section.keys')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        href={href}
        card={card}
        empty={
          <EmptyState
            icon={<IconKey size="1em" stroke={1.4} />}
            title={t('keys.empty')}
            actions={
              <>
                {add}
                <Button component="a" href={paths.apiDocs()} target="_blank">
                  {t('apiDocs')}
                </Button>
              </>
            }
          >
            {t('keys.emptyText')}
          </EmptyState>
        }
      />
      <QuickLook opened={open === 'new'} onClose={close} title={t('keys.addTitle')}>
        {open === 'new' ? <NewKey onClose={close} /> : null}
      </QuickLook>
      <QuickLook opened={opened !== undefined} onClose={close} title={opened?.name ?? ''}>
        {opened === undefined ? null : <OneKey apiKey={opened} onClose={close} />}
      </QuickLook>
    </Frame>
  );
}
