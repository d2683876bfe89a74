import { useMemo } from 'react';
import { Button, Menu } from '@mantine/core';
import { IconBox, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { formatTotal } from '../lib/format.ts';
import { listSearch, manyOf, oneOf, someNumber, someText, useUrlState } from '../lib/url-state.ts';
import { DataList, totalOf } from '../ui/data-list.tsx';
import { Money, Percent, Meter, Spark, Stock } from '../ui/figures.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../ui/filter-sentence.tsx';
import type { FilterDef } from '../ui/filter-sentence.tsx';
import { Glyph, Legend } from '../ui/glyph.tsx';
import { ListTools, MoreMenu } from '../ui/list-tools.tsx';
import { useListLayout, useSelection } from '../ui/list-state.ts';
import type { Column } from '../ui/list-state.ts';
import { ListBar, Page, PageHead, Views } from '../ui/page.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { EmptyState } from '../ui/states.tsx';
import { TitleCell, RowCard } from '../ui/cells.tsx';
import { specimenRows } from './specimen-data.ts';
import type { SpecimenRow } from './specimen-data.ts';

const TOTAL = 100_000;
const search = listSearch(
  {
    sheet: oneOf(['list', 'list-empty', 'list-loading', 'list-failed', 'list-none']),
    status: oneOf(['active', 'draft', 'archived']),
    category: manyOf(),
    stockBelow: someNumber(),
    tag: someText(),
  },
  ['available', '-available', 'title', '-title'],
);

const filters: FilterDef[] = [
  {
    kind: 'choice',
    key: 'status',
    label: 'status',
    always: true,
    any: 'of any status',
    options: [
      { value: 'active', label: 'active' },
      { value: 'draft', label: 'draft' },
      { value: 'archived', label: 'archived' },
    ],
  },
  {
    kind: 'multi',
    key: 'category',
    label: 'category',
    lead: 'in',
    options: ['Kitchen', 'Bath', 'Home', 'Garden', 'Textiles', 'Light', 'Gifts', 'Soap', 'Copper'].map((label) => ({ value: label, label })),
  },
  { kind: 'text', key: 'tag', label: 'tag', operator: 'is' },
  { kind: 'number', key: 'stockBelow', label: 'stock', lead: 'with', operator: 'below' },
];

const low = (row: SpecimenRow) => (row.available === 0 ? 'bad' : row.available < row.reorder / 2 ? 'attention' : undefined);
const state = (row: SpecimenRow) => row.states[2] ?? 'none';

const columns: Column<SpecimenRow>[] = [
  { id: 'title', header: 'Product', chars: 26, grow: true, fixed: true, sort: 'title', cell: (row) => <TitleCell thumb="">{row.title}</TitleCell> },
  { id: 'sku', header: 'SKU', chars: 13, cell: (row) => row.sku },
  {
    id: 'available',
    header: 'Available',
    chars: 10,
    end: true,
    sort: 'available',
    cell: (row) => <Stock value={row.available} of={row.reorder} state={low(row)} />,
  },
  { id: 'price', header: 'Price', chars: 10, end: true, cell: (row) => <Money value={{ amount: row.price, currency: 'RON' }} /> },
  { id: 'margin', header: 'Margin', chars: 6, end: true, cell: (row) => <Percent value={row.margin} /> },
  ...['North', 'Ea RO', 'Ea DE', 'West'].map((name, index): Column<SpecimenRow> => ({
    id: `c${index}`,
    header: name,
    chars: 5,
    centre: true,
    cell: (row) => <Glyph state={row.states[index] ?? 'none'} label={`${name}: ${row.states[index]}`} />,
  })),
  { id: 'listing', header: 'Listing', chars: 19, grow: true, cell: (row) => <StateText row={row} /> },
  {
    id: 'complete',
    header: 'Complete',
    chars: 9,
    cell: (row) => <Meter value={row.complete} label="complete" state={row.complete < 0.75 ? 'attention' : undefined} />,
  },
  {
    id: 'sold',
    header: 'Sold, 30 days',
    chars: 11,
    end: true,
    cell: (row) => (
      <>
        <Spark values={row.sold} label="sold" /> {row.sold.at(-1)}
      </>
    ),
  },
  { id: 'note', header: 'Note', chars: 20, hidden: true, cell: () => 'chosen by hand' },
];

const StateText = ({ row }: { row: SpecimenRow }) => (
  <span style={{ color: state(row) === 'bad' ? 'var(--k-bad)' : state(row) === 'attention' ? 'var(--k-attention)' : 'var(--k-text2)' }}>{row.listing}</span>
);

const card = (row: SpecimenRow) => (
  <RowCard
    thumb=""
    title={row.title}
    lines={[row.sku, <StateText key="s" row={row} />]}
    end={[
      <Money key="m" strong value={{ amount: row.price, currency: 'RON' }} />,
      <Stock key="s" value={row.available} state={low(row)} />,
      <span key="d">
        {row.states.map((one, index) => (
          <Glyph key={index} state={one} label={one} />
        ))}
      </span>,
    ]}
  />
);

/** A list screen as every feature writes it, over invented rows. */
export function SpecimenList({ kind }: { kind: string }) {
  const [value, set] = useUrlState(search);
  const layout = useListLayout('specimen', columns);
  const query = useInfiniteQuery({
    queryKey: ['specimen', 'list', kind, value],
    initialPageParam: 0,
    retry: false,
    queryFn: async ({ pageParam }) => {
      if (kind === 'list-loading') await new Promise(() => undefined);
      if (kind === 'list-failed') throw new Error('boom');
      await new Promise((resolve) => setTimeout(resolve, 60));
      const nothing = kind === 'list-empty' || kind === 'list-none';
      return {
        items: nothing ? [] : specimenRows(pageParam, 200),
        nextCursor: nothing || pageParam + 200 >= TOTAL ? null : String(pageParam + 200),
        total: nothing ? 0 : TOTAL,
      };
    },
    getNextPageParam: (page) => (page.nextCursor === null ? undefined : Number(page.nextCursor)),
  });
  const { total, totalIsMore } = totalOf(query);
  const selection = useSelection(total, { scope: JSON.stringify(value), totalIsMore });
  const views = useMemo(
    () => [
      { to: '/specimen?sheet=list', label: 'All', count: '100,000', active: value.stockBelow === undefined },
      {
        to: '/specimen?sheet=list&status=active&category=Kitchen&category=Bath&category=Home&stockBelow=40',
        label: 'Running low',
        count: '214',
        active: value.stockBelow !== undefined,
      },
      { to: '/specimen?sheet=list-empty', label: 'Refused', count: '96', active: false },
      { to: '/specimen?sheet=list-failed', label: 'Not on East Bazaar DE', count: '1,032', active: false },
    ],
    [value.stockBelow],
  );
  return (
    <Page title="Products" fill>
      <PageHead
        title="Products"
        count={total === undefined ? null : formatTotal(total, totalIsMore)}
        actions={
          <>
            <MoreMenu bordered>
              <Menu.Item>Import</Menu.Item>
            </MoreMenu>
            <Button variant="filled" leftSection={<IconPlus size="1em" />}>
              New product
            </Button>
          </>
        }
      />
      <Views views={views} />
      <ListBar
        tools={
          <>
            <SearchBox value={value.q} onChange={(q) => set({ q })} placeholder="Title, SKU or barcode" />
            <ListTools layout={layout}>
              <Menu.Item>Export</Menu.Item>
            </ListTools>
          </>
        }
      >
        <FilterSentence intro="Products that are" filters={filters} value={value} onChange={set} />
      </ListBar>
      <DataList
        label="Products"
        query={query}
        layout={layout}
        rowId={(row) => row.id}
        rowName={(row) => row.title}
        href={productHref}
        card={card}
        sort={value.sort}
        onSort={(sort) => set({ sort })}
        selection={selection}
        bulk={() => (
          <>
            <Button>Publish…</Button>
            <Button>Price…</Button>
            <Button>Export</Button>
          </>
        )}
        filtered={kind === 'list-none' || isFiltered(filters, value)}
        onClearFilters={() => set(clearFilters(filters))}
        empty={
          <EmptyState
            icon={<IconBox size="1em" stroke={1.4} />}
            title="No products yet"
            actions={
              <>
                <Button variant="filled">Import a file</Button>
                <Button>Take them from a channel</Button>
              </>
            }
          >
            Products are what you sell, once each, whatever the channel. Bring them from a file or from a connected shop.
          </EmptyState>
        }
        foot={
          <Legend
            items={[
              { state: 'good', label: 'live' },
              { state: 'moving', label: 'sending' },
              { state: 'attention', label: 'differs' },
              { state: 'bad', label: 'refused' },
              { state: 'none', label: 'not offered' },
            ]}
          />
        }
      />
    </Page>
  );
}

const productHref = (row: SpecimenRow): string => `/specimen?sheet=detail&id=${row.id}`;
