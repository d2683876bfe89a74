import { useCallback, useMemo } from 'react';
import { Button } from '@mantine/core';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Company } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { isId, useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet, RowCard } from '../../ui/cells.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { FilterSentence } from '../../ui/filter-sentence.tsx';
import { Status } from '../../ui/glyph.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { ListBar, Page as Frame, PageHead } from '../../ui/page.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { EmptyState, Problem, SkeletonLines } from '../../ui/states.tsx';
import { CompanyDeeds, CompanyFacts, CompanyForm } from './company-form.tsx';
import { companiesQuery, companiesSearch, companyQuery } from './queries.ts';

export const load = ({ queryClient, search }: LoadArgs) => queryClient.prefetchInfiniteQuery(companiesQuery(companiesSearch.parse(search)));

const rowId = (company: Company): string => company.id;
const rowName = (company: Company): string => company.name;

function State({ company }: { company: Company }) {
  const { t } = useTranslation('settings');
  if (company.archivedAt !== null) return <Status state="none">{t('companies.archived')}</Status>;
  return <Status state="good">{t(company.isDefault ? 'companies.default' : 'companies.active')}</Status>;
}

const card = (company: Company) => (
  <RowCard
    title={company.name}
    lines={[company.legalName, company.vatNumber]}
    end={[<State key="state" company={company} />, `${company.country}, ${company.currency}`]}
  />
);

/** The legal sellers. */
export function Page() {
  const { t } = useTranslation('settings');
  const { can, limited } = useActor();
  const [search, setSearch] = useUrlState(companiesSearch);
  const query = useInfiniteQuery(companiesQuery(search));
  const columns = useMemo<Column<Company>[]>(
    () => [
      { id: 'name', header: t('companies.company'), chars: 24, grow: true, fixed: true, cell: (company) => company.name },
      { id: 'legalName', header: t('companies.legalName'), chars: 24, grow: true, cell: (company) => <Quiet>{company.legalName}</Quiet> },
      { id: 'vatNumber', header: t('companies.vatNumber'), chars: 16, cell: (company) => <Quiet>{company.vatNumber}</Quiet> },
      { id: 'country', header: t('companies.country'), chars: 8, cell: (company) => company.country },
      { id: 'currency', header: t('companies.currency'), chars: 9, cell: (company) => company.currency },
      { id: 'state', header: t('companies.state'), chars: 13, cell: (company) => <State company={company} /> },
    ],
    [t],
  );
  const layout = useListLayout('companies', columns);
  const companies = query.data?.pages.flatMap((page) => page.items);
  const href = useCallback((company: Company): string => paths.settings('companies', { open: company.id, archived: search.archived }), [search.archived]);
  const close = (): void => setSearch({ open: undefined });
  return (
    <Frame title={t('section.companies')} fill>
      <PageHead
        title={t('section.companies')}
        count={companies === undefined || query.hasNextPage ? undefined : formatNumber(companies.length)}
        actions={
          can('settings.manage') && !limited ? (
            <Button variant="filled" leftSection={<IconPlus size="1em" stroke={1.6} />} onClick={() => setSearch({ open: 'new' }, { push: true })}>
              {t('companies.add')}
            </Button>
          ) : undefined
        }
      />
      <ListBar>
        <FilterSentence
          intro={t('companies.intro')}
          filters={[
            {
              kind: 'choice',
              key: 'archived',
              label: t('companies.which'),
              always: true,
              any: t('companies.only'),
              options: [{ value: 'true', label: t('companies.withArchived') }],
            },
          ]}
          value={{ archived: search.archived === true ? 'true' : undefined }}
          onChange={setSearch}
        />
      </ListBar>
      <DataList
        label={t('section.companies')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        href={href}
        card={card}
        empty={
          <EmptyState icon={<IconBuilding size="1em" stroke={1.4} />} title={t('companies.empty')}>
            {t('companies.emptyText')}
          </EmptyState>
        }
      />
      <QuickLook opened={search.open === 'new' && can('settings.manage')} onClose={close} title={t('companies.addTitle')}>
        {search.open === 'new' ? <CompanyForm onClose={close} /> : null}
      </QuickLook>
      <OneCompany id={isId(search.open) ? search.open : undefined} onClose={close} />
    </Frame>
  );
}

function OneCompany({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { can } = useActor();
  const query = useQuery({ ...companyQuery(id ?? ''), enabled: id !== undefined });
  const company = id === undefined ? undefined : query.data;
  const mayEdit = can('settings.manage');
  return (
    <QuickLook
      opened={id !== undefined}
      onClose={onClose}
      title={company === undefined ? t('section.companies') : mayEdit ? t('companies.editTitle', { name: company.name }) : company.name}
    >
      {company === undefined ? (
        query.isError ? (
          <Problem error={query.error} title={t('section.companies')} />
        ) : (
          <SkeletonLines lines={6} />
        )
      ) : mayEdit ? (
        <>
          <CompanyForm key={company.id} company={company} onClose={onClose} />
          <CompanyDeeds company={company} onClose={onClose} />
        </>
      ) : (
        <CompanyFacts company={company} />
      )}
    </QuickLook>
  );
}
