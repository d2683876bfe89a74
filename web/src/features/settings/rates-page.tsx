import { useMemo, useState } from 'react';
import { Button } from '@mantine/core';
import { IconArrowsExchange, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { FxRate } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { currentLocale } from '../../lib/i18n.ts';
import { useUrlState } from '../../lib/url-state.ts';
import { currencies } from '../../lib/world.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet, RowCard } from '../../ui/cells.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../../ui/filter-sentence.tsx';
import type { FilterDef } from '../../ui/filter-sentence.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { ListBar, Page as Frame, PageHead } from '../../ui/page.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { ratesQuery, ratesSearch } from './queries.ts';
import { AskRate, RateForm } from './rate-form.tsx';
import { dayText, MANUAL, rateText, sourceText } from './rate-words.ts';

export const load = ({ queryClient, search }: LoadArgs) => queryClient.prefetchInfiniteQuery(ratesQuery(ratesSearch.parse(search)));

const rowId = (rate: FxRate): string => rate.id;
const rowName = (rate: FxRate): string => `${rate.base}/${rate.quote} ${rate.onDate}`;

function Pair({ rate }: { rate: FxRate }) {
  const { t } = useTranslation('settings');
  return <>{t('rates.pairOf', { base: rate.base, quote: rate.quote })}</>;
}

function Source({ rate }: { rate: FxRate }) {
  const { t } = useTranslation('settings');
  return <Quiet>{sourceText(t, rate.source)}</Quiet>;
}

const card = (rate: FxRate) => (
  <RowCard title={<Pair rate={rate} />} lines={[dayText(rate.onDate)]} end={[rateText(rate.value), <Source key="source" rate={rate} />]} />
);

/** What one currency is worth in another, day by day. */
export function Page() {
  const { t } = useTranslation('settings');
  const { can, limited } = useActor();
  const [search, setSearch] = useUrlState(ratesSearch);
  const query = useInfiniteQuery(ratesQuery(search));
  const [edited, setEdited] = useState<FxRate | undefined>();
  const mayEnter = can('settings.manage') && !limited;
  const columns = useMemo<Column<FxRate>[]>(
    () => [
      { id: 'pair', header: t('rates.pair'), chars: 18, grow: true, fixed: true, cell: (rate) => <Pair rate={rate} /> },
      { id: 'source', header: t('rates.source'), chars: 12, cell: (rate) => <Source rate={rate} /> },
      { id: 'value', header: t('rates.value'), chars: 14, end: true, cell: (rate) => rateText(rate.value) },
      { id: 'day', header: t('rates.day'), chars: 13, end: true, cell: (rate) => dayText(rate.onDate) },
      {
        id: 'entered',
        header: t('rates.entered'),
        chars: 16,
        end: true,
        cell: (rate) => (
          <Quiet>
            <When at={rate.fetchedAt} />
          </Quiet>
        ),
      },
    ],
    [t],
  );
  const layout = useListLayout('fx-rates', columns);
  const options = useMemo(() => currencies(currentLocale()), []);
  const filters: FilterDef[] = [
    { kind: 'choice', key: 'base', label: t('rates.baseFilter'), always: true, any: t('rates.anyBase'), options },
    { kind: 'choice', key: 'quote', label: t('rates.quoteFilter'), lead: t('rates.quoteLead'), always: true, any: t('rates.anyQuote'), options },
  ];
  const close = (): void => setSearch({ open: undefined });
  return (
    <Frame title={t('section.rates')} fill>
      <PageHead
        title={t('section.rates')}
        actions={
          <>
            <Button onClick={() => setSearch({ open: 'ask' }, { push: true })}>{t('rates.ask')}</Button>
            {mayEnter ? (
              <Button variant="filled" leftSection={<IconPlus size="1em" stroke={1.6} />} onClick={() => setSearch({ open: 'new' }, { push: true })}>
                {t('rates.add')}
              </Button>
            ) : null}
          </>
        }
      />
      <ListBar>
        <FilterSentence intro={t('rates.intro')} filters={filters} value={search} onChange={setSearch} />
      </ListBar>
      <DataList
        label={t('section.rates')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        onOpen={mayEnter ? (rate) => rate.source === MANUAL && setEdited(rate) : undefined}
        card={card}
        filtered={isFiltered(filters, search)}
        onClearFilters={() => setSearch(clearFilters(filters))}
        empty={
          <EmptyState icon={<IconArrowsExchange size="1em" stroke={1.4} />} title={t('rates.empty')}>
            {t('rates.emptyText')}
          </EmptyState>
        }
      />
      <QuickLook opened={search.open === 'new' && mayEnter} onClose={close} title={t('rates.addTitle')}>
        {search.open === 'new' ? <RateForm onClose={close} /> : null}
      </QuickLook>
      <QuickLook opened={edited !== undefined} onClose={() => setEdited(undefined)} title={t('rates.editTitle')}>
        {edited === undefined ? null : <RateForm rate={edited} onClose={() => setEdited(undefined)} />}
      </QuickLook>
      <QuickLook opened={search.open === 'ask'} onClose={close} title={t('rates.askTitle')}>
        {search.open === 'ask' ? <AskRate /> : null}
      </QuickLook>
    </Frame>
  );
}
