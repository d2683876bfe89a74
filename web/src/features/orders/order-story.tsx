import { useTranslation } from 'react-i18next';
import type { OrderDetail, OrderEvent, OrderEventKind, PackageStatus } from '../../../../server/src/modules/orders/contract.ts';
import { formatNumber } from '../../lib/format.ts';
import type { State } from '../../ui/glyph.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import type { TimelineItem } from '../../ui/timeline.tsx';

const shapes: Record<OrderEventKind, State> = {
  order_received: 'good',
  package_received: 'none',
  package_status: 'none',
  package_replaced: 'none',
  status_kept: 'attention',
  order_status: 'none',
  line_unmapped: 'attention',
  line_mapped: 'good',
  line_unlinked: 'attention',
  stock_reserved: 'good',
  stock_oversold: 'attention',
  stock_covered: 'good',
  stock_taken: 'good',
  stock_released: 'none',
  stock_before: 'none',
  line_cancelled: 'none',
};

const vias = ['poll', 'webhook', 'sweep'] as const;
const matches = ['listing', 'barcode', 'channel_barcode', 'sku', 'hand'] as const;
const causes = ['cancelled', 'split', 'remapped'] as const;
const packageWords = [
  'pending',
  'new',
  'processing',
  'shipped',
  'delivered',
  'delivery_failed',
  'returned',
  'cancelled',
  'superseded',
  'unknown',
] as const satisfies readonly PackageStatus[];

/** What an event carries; a member that is missing or new leaves its words out. */
function readData(data: OrderEvent['data']) {
  const text = (key: string): string => (typeof data[key] === 'string' || typeof data[key] === 'number' ? String(data[key]) : '');
  const count = (key: string): number => (Array.isArray(data[key]) ? data[key].length : Number(data[key]) || 0);
  const known = <V extends string>(values: readonly V[], key: string): V | undefined => values.find((value) => value === data[key]);
  return {
    package: text('package'),
    status: text('status'),
    to: text('to'),
    raw: text('raw'),
    sku: text('sku'),
    barcode: text('barcode'),
    line: text('line'),
    units: count('units'),
    lines: count('lines'),
    problem: known(['none', 'ambiguous'], 'problem') ?? 'none',
    via: known(vias, 'via'),
    by: known(matches, 'by'),
    cause: known(causes, 'cause'),
  };
}

/** What happened to the order, newest first, each event in words. */
export function OrderStory({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders');
  const words = useEventWords();
  return <Timeline label={t('detail.timeline')} items={order.timeline.map((event) => words(event))} />;
}

function useEventWords(): (event: OrderEvent) => TimelineItem {
  const { t } = useTranslation('orders');
  const statusWord = (status: string, raw: string): string => {
    const known = packageWords.find((one) => one === status);
    if (known === undefined) return raw === '' ? status : raw;
    return known === 'unknown' ? t('packageStatus.unknown', { raw }) : t(`packageStatus.${known}`);
  };
  return (event) => {
    const { kind } = event;
    const data = readData(event.data);
    const units = data.units > 0 ? t('event.units', { count: data.units, number: formatNumber(data.units) }) : undefined;
    const lines = { count: data.lines, number: formatNumber(data.lines) };
    const code = data.sku === '' ? data.barcode : data.sku;
    const by = event.actorName === '' ? undefined : t('detail.by', { name: event.actorName });
    const make = (title: string, ...notes: (string | undefined)[]): TimelineItem => {
      const note = notes.filter((one) => one !== undefined && one !== '').join(' · ');
      return { id: event.id, at: event.at, state: stateOf(kind, data.to), title, note: note === '' ? undefined : note };
    };
    switch (kind) {
      case 'order_received':
        return make(t('event.order_received'), data.via === undefined ? undefined : t(`via.${data.via}`));
      case 'package_received':
        return make(t('event.package_received', data), data.status === '' ? undefined : statusWord(data.status, data.raw));
      case 'package_status':
        return make(
          t('event.package_status', { package: data.package, to: statusWord(data.to, data.raw) }),
          data.raw === '' ? undefined : t('event.package_status_note', data),
        );
      case 'package_replaced':
        return make(t('event.package_replaced', data));
      case 'status_kept':
        return make(t('event.status_kept', data), t('event.status_kept_note', { status: statusWord(data.status, data.raw) }));
      case 'order_status':
        return make(t('event.order_status', { to: statusWord(data.to, data.raw) }));
      case 'line_unmapped':
        return make(t('event.line_unmapped', { code }), t(`event.line_unmapped_${data.problem}`));
      case 'line_mapped':
        return make(
          data.sku === '' ? t('event.line_mapped', { sku: data.line }) : t('event.line_mapped', data),
          data.by === undefined ? undefined : t(`event.line_mapped_by.${data.by}`),
          data.by === 'hand' ? by : undefined,
        );
      case 'line_unlinked':
        return make(t('event.line_unlinked'), data.line, by);
      case 'stock_reserved':
        return make(t('event.stock_reserved'), units);
      case 'stock_oversold':
        return make(t('event.stock_oversold'), t('event.stock_oversold_note', lines));
      case 'stock_covered':
        return make(t('event.stock_covered'), t('event.stock_covered_note', lines));
      case 'stock_taken':
        return make(t('event.stock_taken'), units);
      case 'stock_released':
        return make(t('event.stock_released'), units, data.cause === undefined ? undefined : t(`event.cause.${data.cause}`));
      case 'stock_before':
        return make(t('event.stock_before'), t('event.stock_before_note', data));
      case 'line_cancelled':
        return make(t('event.line_cancelled'), data.line);
    }
  };
}

const stateOf = (kind: OrderEventKind, to: string): State =>
  kind !== 'order_status' && kind !== 'package_status'
    ? shapes[kind]
    : to === 'delivered'
      ? 'good'
      : to === 'delivery_failed'
        ? 'bad'
        : to === 'shipped' || to === 'processing'
          ? 'moving'
          : 'none';
