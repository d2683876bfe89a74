import { ConnectorError } from '../../kit/errors.ts';
import type { Store, TestResult } from '../connector.ts';
import { openClient, refusal } from './client.ts';
import { listSchema } from './schemas.ts';
import { groups, orderStoreFronts, storeFrontOf } from './settings.ts';

/** Which field of the form is most likely wrong, by the refusal's code. */
const fields: Readonly<Record<string, string>> = { [refusal.wrongKeys]: 'apiSecret', [refusal.otherSeller]: 'sellerId' };

/**
 * Reads one product through every store front of the settings: that checks keys, seller id, integrator name and store fronts at once.
 * What a person can mend is an answer; a platform that is down or throttles is thrown.
 */
export async function testConnection(store: Store): Promise<TestResult> {
  const client = openClient(store);
  const { productStoreFront } = client.settings;
  const fronts = [...new Set([productStoreFront, ...orderStoreFronts(client.settings)])];
  let cards: number | null | undefined;
  for (const storeFront of fronts) {
    try {
      const answer = await client.call({
        method: 'GET',
        path: '/product/sellers/{s}/products/approved/inventory-and-price',
        storeFront,
        group: groups.levels,
        query: { page: 0, size: 1 },
      });
      const list = listSchema.safeParse(answer.body);
      if (!list.success) throw new ConnectorError('bad_response', 'Trendyol’s list of stock and prices could not be read.', { cause: list.error });
      if (storeFront === productStoreFront) cards = list.data.totalElements;
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      if (error.kind === 'auth') return { ok: false, message: error.message, field: fields[error.code ?? ''] ?? 'sellerId', facts: [] };
      if (error.code === refusal.storeFront) {
        return { ok: false, message: error.message, field: storeFront === productStoreFront ? 'productStoreFront' : 'orderStoreFronts', facts: [] };
      }
      if (error.code === refusal.blocked || error.kind === 'rejected') return { ok: false, message: error.message, facts: [] };
      throw error;
    }
  }
  return {
    ok: true,
    message: 'Connected.',
    facts: [
      { label: 'Store fronts', value: fronts.map((front) => `${storeFrontOf(front).name} (${front})`).join(', ') },
      ...(cards === null || cards === undefined ? [] : [{ label: 'Approved product cards', value: String(cards) }]),
    ],
  };
}
