import type { Admission, Answer, Call, Frame, Platform } from '../platform.ts';
import { createBatches } from './batches.ts';
import { addOrders, changePackage, setDemand, viewWorld } from './control.ts';
import { createDemand } from './demand.ts';
import { FRONTS } from './fronts.ts';
import { inventoryRoutes } from './inventory.ts';
import { limitsOf } from './limits.ts';
import { createMarket } from './market.ts';
import type { Front, Market, Seller } from './market.ts';
import { orderRoutes } from './orders.ts';
import { productRoutes } from './products.ts';
import { forbidden, gatewayError, productError, Refused, tooManyRequests } from './refusals.ts';
import type { Route } from './request.ts';
import { createSwitches } from './switches.ts';
import { unapprovedRoute } from './unapproved.ts';
import { addWorld } from './world-input.ts';

/** The simulated Trendyol. A further service is a file with its routes and a line in `routes`. */
export function createTrendyol(frame: Frame): Platform {
  const { values: switches, board } = createSwitches();
  const market = createMarket(frame, switches);
  const batches = createBatches(market);
  const flows = createDemand(market);
  const routes: Route[] = [...orderRoutes(), ...productRoutes, unapprovedRoute, ...batches.routes, ...inventoryRoutes(market, batches)];
  const table = routes.map((route) => ({ route, expression: new RegExp(`^${route.pattern.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }));

  return {
    name: 'trendyol',
    prefix: '/trendyol/integration',
    admit: (call) => admit(market, table, call),
    failure: (status) => failure(frame, status),
    addWorld: (input) => addWorld(market, input),
    viewWorld: (query) => viewWorld(market, query),
    addOrders: (input) => addOrders(market, input),
    changePackage: (id, input) => changePackage(market, id, input),
    setDemand: (input) => setDemand(market, flows, input),
    demand: () => flows.list(),
    switches: board,
  };
}

/** The gateway, in its order: User-Agent, key, seller, route, quota, store front. */
function admit(market: Market, table: readonly { route: Route; expression: RegExp }[], call: Call): Admission {
  const { switches, frame } = market;
  const now = frame.clock.now();
  const pathSeller = /\/sellers\/(\d+)(?:\/|$)/.exec(call.path)?.[1];
  if (!isTruthfulAgent(call.headers['user-agent'], pathSeller, switches.userAgentRule)) return { refusal: forbidden(switches.forbiddenBody) };

  const seller = authenticate(market, call.headers.authorization, Number(pathSeller));
  if (!seller) return { refusal: gatewayError(401, now, 'ClientApiAuthenticationException', 'authentication.error', 'Client API authentication failed') };
  const { sellerId } = seller;
  if (pathSeller !== undefined && Number(pathSeller) !== sellerId) {
    return { sellerId, refusal: gatewayError(401, now, 'TrendyolAuthorizationException', 'authorization.error', 'Not authorized for this seller') };
  }

  const matches = table.filter(({ expression }) => expression.test(call.path));
  const match = matches.find(({ route }) => route.method === call.method);
  if (!match) {
    const status = matches.length > 0 ? 405 : 404;
    return { sellerId, refusal: productError(status, status === 405 ? 'method.not.allowed' : 'not.found', `${call.method} ${call.path}`) };
  }
  const { route } = match;
  const admission = { sellerId, route: `${route.method} ${route.pattern}` };
  if (!frame.quota.take('trendyol', sellerId, switches.quotaShape, limitsOf(seller, route))) return { ...admission, refusal: tooManyRequests() };

  const front = findFront(market, seller, call.headers.storefrontcode);
  if (typeof front === 'string') {
    const message = front === 'invalid.storefrontcode' ? 'Store front code is not valid' : 'Tedarikçi bulunamadı';
    return { ...admission, refusal: productError(400, front, message) };
  }
  const params = decode(match.expression.exec(call.path)?.groups ?? {});
  if (!params) return { ...admission, refusal: productError(400, 'invalid.path', 'The path is not readable') };
  const language = front.facts.code === 'TR' ? 'tr' : (call.headers['accept-language'] ?? 'en').slice(0, 2).toLowerCase();
  return {
    ...admission,
    run: ({ silentDrop }): Answer => {
      try {
        return route.run({ market, seller, front, call, params, language, silentDrop });
      } catch (error) {
        if (error instanceof Refused) return error.answer;
        throw error;
      }
    },
  };
}

function isTruthfulAgent(agent: string | undefined, pathSeller: string | undefined, rule: 'format' | 'present'): boolean {
  if (agent === undefined || agent.trim() === '') return false;
  if (rule === 'present') return true;
  const named = /^(\d+) - [A-Za-z0-9]{1,30}$/.exec(agent);
  return named !== null && (pathSeller === undefined || named[1] === pathSeller);
}

function authenticate(market: Market, header: string | undefined, pathSeller: number): Seller | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, key, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const isOwner = (seller: Seller | undefined): boolean => seller !== undefined && seller.apiKey === key && seller.apiSecret === secret;
  const asked = market.sellers.get(pathSeller);
  return isOwner(asked) ? asked : [...market.sellers.values()].find(isOwner);
}

/** The store front of a call, or the key of the refusal. Without a header it is TR. */
function findFront(market: Market, seller: Seller, header: string | undefined): Front | string {
  const given = header?.trim() ?? '';
  const code = given === '1' && market.switches.acceptTrAsOne ? 'TR' : given.toUpperCase();
  if (code !== '' && !FRONTS.has(code)) return 'invalid.storefrontcode';
  return seller.fronts.get(code === '' ? 'TR' : code) ?? market.switches.storeFrontErrorKey;
}

function decode(groups: Record<string, string>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}

function failure(frame: Frame, status: number): Answer {
  if (status === 429) return tooManyRequests();
  if (status >= 500) return gatewayError(status, frame.clock.now(), 'TrendyolSystemException', 'generic.exception', 'An unexpected error occurred');
  if (status === 401)
    return gatewayError(401, frame.clock.now(), 'ClientApiAuthenticationException', 'authentication.error', 'Client API authentication failed');
  if (status === 403) return forbidden('html');
  return productError(status, 'generic.exception', 'The request was refused');
}
