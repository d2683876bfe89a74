/** Who acts: a person, a program with an API key, or Karavan itself (a schedule, a reaction to an event). */
export interface Actor {
  kind: 'user' | 'api_key' | 'system';
  /** null for the system. */
  id: string | null;
  name: string;
  /** Named rights such as `catalog.write`; the system has every right. */
  rights: ReadonlySet<string> | 'all';
  /** Companies whose channels, orders and invoices this actor may see; null means all. */
  companyIds: readonly string[] | null;
}

export const systemActor: Actor = { kind: 'system', id: null, name: 'Karavan', rights: 'all', companyIds: null };

export function hasRight(actor: Actor, right: string): boolean {
  return actor.rights === 'all' || actor.rights.has(right);
}
