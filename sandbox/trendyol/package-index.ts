import type { Package } from './packages.ts';

interface Entry {
  at: number;
  id: number;
  parcel: Package;
}

/** A place in the order by (lastModified, id). */
export interface Position {
  at: number;
  id: number;
}

/** Packages by last modification. Each change adds an entry at the end; entries that a later one replaced are skipped and cleared in bulk. */
export class PackageIndex {
  private entries: Entry[] = [];
  private readonly current = new Map<number, Entry>();
  private isOrdered = true;

  get size(): number {
    return this.current.size;
  }

  /** To be called after each change of `lastModified`. */
  touch(parcel: Package): void {
    const entry = { at: parcel.lastModified, id: parcel.id, parcel };
    const last = this.entries.at(-1);
    if (last && compare(last, entry) > 0) this.isOrdered = false;
    this.entries.push(entry);
    this.current.set(parcel.id, entry);
    if (this.entries.length > 1000 && this.entries.length > 2 * this.current.size)
      this.entries = this.entries.filter((each) => this.current.get(each.id) === each);
  }

  /** Newest first: those with `from` ≤ lastModified ≤ `to` and, when given, after `below` in that order. */
  *newest(from: number, to: number, below?: Position): Generator<Package> {
    const entries = this.order();
    const start = below && below.at <= to ? lowerBound(entries, below.at, below.id) : lowerBound(entries, to + 1, -1);
    for (let i = start - 1; i >= 0; i--) {
      const entry = entries[i]!;
      if (entry.at < from) return;
      if (this.current.get(entry.id) === entry) yield entry.parcel;
    }
  }

  private order(): readonly Entry[] {
    if (!this.isOrdered) this.entries.sort(compare);
    this.isOrdered = true;
    return this.entries;
  }
}

const compare = (a: Position, b: Position): number => a.at - b.at || a.id - b.id;

/** The first place whose entry is not before (at, id). */
function lowerBound(entries: readonly Entry[], at: number, id: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle]!;
    if (entry.at < at || (entry.at === at && entry.id < id)) low = middle + 1;
    else high = middle;
  }
  return low;
}
