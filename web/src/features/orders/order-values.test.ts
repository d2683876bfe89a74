import { describe, expect, it } from 'vitest';
import type { OrderDetail, OrderEvent, OrderLine } from '../../../../server/src/modules/orders/contract.ts';
import { minus, plus, standing, stepsOf, unmapped, vatIn } from './order-values.ts';

const ron = (amount: string) => ({ amount, currency: 'RON' });
const line = (some: Partial<OrderLine>): OrderLine => ({
  id: 'l',
  packageId: 'p',
  externalId: '1',
  sku: 'A',
  barcode: '',
  title: 'A',
  quantity: 1,
  unitPrice: ron('10.00'),
  discount: ron('0.00'),
  total: ron('10.00'),
  vatRate: '21.00',
  state: 'open',
  product: { id: 'a', sku: 'A', title: 'A', imageUrl: null },
  matchedBy: 'sku',
  matchProblem: null,
  stock: 'reserved',
  available: 3,
  ...some,
});
const event = (kind: OrderEvent['kind'], at: string): OrderEvent => ({ id: kind, kind, data: {}, actorName: '', at });
const order = (some: Partial<OrderDetail>): OrderDetail => ({
  id: 'o',
  number: '20001',
  externalNumber: '1',
  channel: { id: 'c', platform: 'x', name: 'X', mark: 'X', series: 1 },
  companyId: 'k',
  companyName: 'K',
  status: 'new',
  problem: null,
  customerName: null,
  total: ron('10.00'),
  discount: ron('0.00'),
  lineCount: 1,
  unitCount: 1,
  orderedAt: '2026-11-22T08:00:00.000Z',
  shipBy: '2026-11-23T08:00:00.000Z',
  receivedBy: 'poll',
  shippedAt: null,
  deliveredAt: null,
  cancelledAt: null,
  createdAt: '2026-11-22T08:01:00.000Z',
  updatedAt: '2026-11-22T08:01:00.000Z',
  customer: null,
  lines: [line({})],
  packages: [],
  timeline: [event('stock_reserved', '2026-11-22T08:01:00.000Z'), event('order_received', '2026-11-22T08:01:00.000Z')],
  ...some,
});
const now = new Date('2026-11-22T10:00:00.000Z').getTime();
const states = (some: Partial<OrderDetail>) =>
  stepsOf(order(some), now).map((step) => `${step.id} ${step.state}${step.note === undefined ? '' : ` ${step.note}`}`);

describe('money of an order', () => {
  it('adds and turns amounts without losing a cent', () => {
    expect(plus(ron('0.10'), ron('0.20'))).toEqual(ron('0.30'));
    expect(plus({ amount: '1200', currency: 'JPY' }, { amount: '34', currency: 'JPY' })).toEqual({ amount: '1234', currency: 'JPY' });
    expect(minus(ron('118.69'))).toEqual(ron('-118.69'));
  });

  it('finds the VAT in a total by rate and leaves lines of an unknown rate out', () => {
    expect(vatIn([line({ total: ron('364.00') })])).toEqual([{ rate: '21', amount: ron('63.17') }]);
    expect(vatIn([line({ total: ron('121.00') }), line({ total: ron('111.00'), vatRate: '11' }), line({ vatRate: null })])).toEqual([
      { rate: '21', amount: ron('21.00') },
      { rate: '11', amount: ron('11.00') },
    ]);
  });

  it('counts what stands; of an order cancelled whole, what it once was', () => {
    expect(standing([line({ id: 'a' }), line({ id: 'b', state: 'cancelled' }), line({ id: 'c', state: 'superseded' })]).map((one) => one.id)).toEqual(['a']);
    expect(standing([line({ id: 'b', state: 'cancelled' })]).map((one) => one.id)).toEqual(['b']);
  });
});

describe('the stations of an order', () => {
  it('waits for hand-over with its deadline, and says when that has passed', () => {
    expect(states({})).toEqual(['received good', 'reserved good', 'handed none due', 'delivered none']);
    expect(states({ status: 'processing' })[2]).toBe('handed moving due');
    expect(states({ shipBy: '2026-11-22T09:00:00.000Z' })[2]).toBe('handed bad late');
    expect(states({ status: 'pending' })[2]).toBe('handed none unpaid');
  });

  it('stops at the reservation while a line has no product or too little stock', () => {
    expect(states({ problem: 'needs_mapping', lines: [line({ product: null, stock: 'none' })] })[1]).toBe('reserved attention needsMapping');
    expect(states({ problem: 'oversold' })[1]).toBe('reserved attention oversold');
    expect(unmapped(order({ lines: [line({ product: null }), line({ product: null, state: 'cancelled' })] }))).toHaveLength(1);
  });

  it('ends delivered, not delivered, returned or cancelled', () => {
    const shippedAt = '2026-11-22T09:00:00.000Z';
    expect(states({ status: 'shipped', shippedAt })).toEqual(['received good', 'reserved good', 'handed good', 'delivered moving']);
    expect(states({ status: 'delivered', shippedAt, deliveredAt: shippedAt })[3]).toBe('delivered good');
    expect(states({ status: 'delivery_failed', shippedAt })[3]).toBe('notDelivered bad');
    expect(states({ status: 'returned', shippedAt, deliveredAt: shippedAt })).toEqual([
      'received good',
      'reserved good',
      'handed good',
      'delivered good',
      'returned attention',
    ]);
    expect(states({ status: 'cancelled', lines: [line({ state: 'cancelled', stock: 'released' })] })).toEqual([
      'received good',
      'reserved none released',
      'cancelled none',
    ]);
  });

  it('knows that goods sold before the store was connected were never held', () => {
    expect(states({ status: 'delivered', lines: [line({ stock: 'before', state: 'shipped' })], timeline: [] })[1]).toBe('reserved none before');
  });
});
