import type { ChannelOrderLineRecord, ChannelOrderRecord } from '../src/connectors/connector.ts';
import { systemActor } from '../src/kit/actor.ts';
import { sql } from '../src/kit/db.ts';
import type { Database } from '../src/kit/db.ts';
import { newId } from '../src/kit/ids.ts';
import { setOnHand } from '../src/modules/inventory/inventory.ts';

/* Builders of a shop that sells: only what matters in a case is given. */

export interface TestChannel {
  id: string;
  company_id: string;
  created_at: Date;
  name: string;
}

let made = 0;

export async function makeCompany(db: Database, name = `Company ${++made}`): Promise<string> {
  const id = newId();
  await db.run(sql`insert into company (id, name, created_at) values (${id}, ${name}, now())`);
  return id;
}

/** A connected store; its connection lies before all orders of the builders. */
export async function makeChannel(db: Database, options: { companyId?: string; platform?: string; createdAt?: Date } = {}): Promise<TestChannel> {
  const channel = {
    id: newId(),
    company_id: options.companyId ?? (await makeCompany(db)),
    created_at: options.createdAt ?? new Date('2026-01-01T00:00:00Z'),
    name: `Store ${++made}`,
  };
  await db.run(sql`
    insert into channel (id, platform, name, mark, series, company_id, currency, account_key, credentials_sealed, created_at, updated_at)
    values (${channel.id}, ${options.platform ?? 'market'}, ${channel.name}, 'M', 1, ${channel.company_id}, 'RON', ${channel.id}, '', ${channel.created_at}, ${channel.created_at})`);
  return channel;
}

/** A product with that many on hand. */
export async function makeProduct(
  db: Database,
  options: { sku?: string; barcode?: string; stock?: number } = {},
): Promise<{ id: string; sku: string; barcode: string }> {
  const n = ++made;
  const product = { id: newId(), sku: options.sku ?? `SKU-${n}`, barcode: options.barcode ?? `BAR-${n}` };
  await db.transaction(async (tx) => {
    await tx.run(sql`
      insert into product (id, sku, barcode, title, price_minor, currency, status, created_at, updated_at)
      values (${product.id}, ${product.sku}, ${product.barcode}, ${`Thing ${n}`}, 5000, 'RON', 'active', ${tx.now}, ${tx.now})`);
    tx.emit('product.created', [product.id]);
    if (options.stock !== undefined) await setOnHand(tx, systemActor, { cause: 'opening', note: '' }, [{ productId: product.id, quantity: options.stock }]);
  });
  return product;
}

const ron = (minor: number): { amount: string; currency: string } => ({ amount: (minor / 100).toFixed(2), currency: 'RON' });

export const makeLine = (line: Partial<ChannelOrderLineRecord> = {}): ChannelOrderLineRecord => {
  const quantity = line.quantity ?? 1;
  return {
    externalId: `L${++made}`,
    productExternalId: null,
    sku: '',
    barcode: '',
    title: 'A thing',
    quantity,
    unitPrice: ron(5000),
    total: ron(5000 * quantity),
    discount: ron(0),
    vatRate: '21',
    cancelled: false,
    ...line,
  };
};

/** A package as a connector would tell it; `minute` is when the platform changed it, counted from the first of March. */
export function makeRecord(record: Partial<ChannelOrderRecord> & { minute?: number } = {}): ChannelOrderRecord {
  const { minute = 0, ...given } = record;
  const n = ++made;
  const lines = given.lines ?? [makeLine()];
  return {
    externalId: `P${n}`,
    externalNumber: `N${n}`,
    storeFront: 'RO',
    status: 'new',
    rawStatus: given.status ?? 'new',
    modifiedAt: new Date(Date.UTC(2026, 2, 1, 8, minute)),
    orderedAt: new Date('2026-03-01T07:30:00Z'),
    shipBy: new Date('2026-03-03T16:00:00Z'),
    originExternalIds: [],
    customer: { name: 'Ana Pop', email: 'ana@example.com', phone: '+40 700 000 000' },
    shipTo: { name: 'Ana Pop', company: '', street: 'Strada Lungă 1', city: 'Cluj', region: '', postalCode: '400001', country: 'RO', phone: '' },
    billTo: null,
    total: ron(lines.reduce((sum, line) => sum + Math.round(Number(line.total.amount) * 100), 0)),
    discount: ron(0),
    cargoProvider: 'Sameday',
    trackingNumber: '',
    trackingLink: '',
    raw: { n },
    ...given,
    lines,
  };
}
