import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import { check, flag, integer, object, optional } from './input.ts';
import type { RequestLog } from './log.ts';
import { ControlError } from './platform.ts';
import type { Platform } from './platform.ts';
import type { QuotaMeter } from './quota.ts';

/** Answers one control call; `path` is what follows `/__sandbox`. Throws `ControlError` for what cannot be done. */
export type Control = (method: string, path: string, query: URLSearchParams, input: unknown) => unknown;

export interface ControlParts {
  platforms: readonly Platform[];
  clock: Clock;
  faults: Faults;
  log: RequestLog;
  quota: QuotaMeter;
  reset(seed: number | undefined): void;
}

export function createControl(parts: ControlParts): Control {
  const { platforms, clock, faults, log, quota } = parts;

  /** The one platform a body is about: `{ "trendyol": … }`. */
  const addressed = (input: unknown): [Platform, unknown][] => {
    const entries = Object.entries(object(input, 'body'));
    check(entries.length > 0, 'body', `an object with ${platforms.map((each) => each.name).join(' or ')}`);
    return entries.map(([name, value]) => {
      const platform = platforms.find((each) => each.name === name);
      if (!platform) throw new ControlError(400, `body: unknown platform "${name}"`);
      return [platform, value];
    });
  };
  const named = (query: URLSearchParams): Platform => {
    const name = query.get('platform') ?? platforms[0]?.name;
    const platform = platforms.find((each) => each.name === name);
    if (!platform) throw new ControlError(400, `platform: unknown "${name}"`);
    return platform;
  };
  const perPlatform = (read: (platform: Platform) => unknown): unknown => Object.fromEntries(platforms.map((each) => [each.name, read(each)]));

  const routes: Record<string, (query: URLSearchParams, input: unknown) => unknown> = {
    'GET /': () => ({ platforms: perPlatform((each) => each.prefix), clock: clock.state() }),
    'GET /faults': () => faults.list(),
    'POST /faults': (_query, input) => faults.add(input),
    'DELETE /faults': (query) => ({ removed: faults.remove(query.has('id') ? Number(query.get('id')) : undefined) }),
    'GET /clock': () => clock.state(),
    'POST /clock': (_query, input) => {
      const given = object(input, 'body');
      const frozen = optional(given.frozen, 'frozen', flag);
      const to = optional(given.set, 'set', integer);
      const advanceMs = optional(given.advanceMs, 'advanceMs', integer);
      check(frozen !== undefined || to !== undefined || advanceMs !== undefined, 'body', 'advanceMs, set or frozen');
      check(advanceMs === undefined || advanceMs >= 0, 'advanceMs', '0 or more');
      if (frozen !== undefined) clock.freeze(frozen);
      if (to !== undefined) clock.set(to);
      if (advanceMs !== undefined) clock.advance(advanceMs);
      return clock.state();
    },
    'GET /world': (query) => (query.has('what') ? named(query).viewWorld(query) : perPlatform((each) => each.viewWorld(query))),
    'POST /world': (_query, input) => Object.fromEntries(addressed(input).map(([platform, value]) => [platform.name, platform.addWorld(value)])),
    'POST /world/orders': (_query, input) => single(addressed(input), (platform, value) => platform.addOrders(value)),
    'POST /world/demand': (_query, input) => single(addressed(input), (platform, value) => platform.setDemand(value)),
    'GET /world/demand': () => perPlatform((each) => each.demand()),
    'GET /log': (query) => log.list(query),
    'DELETE /log': () => {
      log.clear();
      return {};
    },
    'GET /quota': () => ({ enforced: quota.enforced, buckets: quota.report() }),
    'POST /quota': (_query, input) => {
      quota.enforced = flag(object(input, 'body').enforce, 'enforce');
      return { enforced: quota.enforced };
    },
    'DELETE /quota': () => {
      quota.reset();
      return {};
    },
    'GET /switches': () => perPlatform((each) => each.switches.describe()),
    'POST /switches': (_query, input) => {
      for (const [platform, value] of addressed(input)) platform.switches.set(value);
      return perPlatform((each) => each.switches.describe());
    },
    'POST /reset': (_query, input) => {
      parts.reset(input === undefined ? undefined : optional(object(input, 'body').seed, 'seed', integer));
      return {};
    },
  };

  return (method, path, query, input) => {
    const route = routes[`${method} ${path.replace(/\/$/, '') || '/'}`];
    if (route) return route(query, input);
    const id = /^\/world\/packages\/([^/]+)$/.exec(path)?.[1];
    if (method === 'POST' && id !== undefined) {
      for (const platform of platforms) {
        const result = platform.changePackage(id, input);
        if (result !== undefined) return result;
      }
      throw new ControlError(404, `there is no package ${id}`);
    }
    throw new ControlError(404, `there is no control call ${method} /__sandbox${path}`);
  };
}

function single(entries: [Platform, unknown][], run: (platform: Platform, value: unknown) => unknown): unknown {
  check(entries.length === 1, 'body', 'about one platform');
  const [platform, value] = entries[0]!;
  return run(platform, value);
}
