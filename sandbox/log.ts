export interface LogEntry {
  seq: number;
  /** Virtual moment of arrival. */
  at: number;
  platform: string;
  method: string;
  path: string;
  query: string;
  sellerId: number | undefined;
  route: string | undefined;
  /** 0 when no answer was given. */
  status: number;
  ms: number;
  requestBytes: number;
  responseBytes: number;
  fault: string | undefined;
}

export interface RequestLog {
  add(entry: Omit<LogEntry, 'seq'>): void;
  list(query: URLSearchParams): { total: number; entries: LogEntry[] };
  clear(): void;
}

/** Keeps the last `size` requests. */
export function createLog(size = 10_000): RequestLog {
  let ring: LogEntry[] = [];
  let seq = 0;
  let start = 0;
  return {
    add: (entry) => {
      ring[seq % size] = { seq, ...entry };
      seq++;
    },
    list: (query) => {
      const oldest = Math.max(start, seq - size);
      const matches: LogEntry[] = [];
      for (let i = oldest; i < seq; i++) {
        const entry = ring[i % size];
        if (entry && isMatch(entry, query)) matches.push(entry);
      }
      const limit = Number(query.get('limit') ?? size);
      return { total: matches.length, entries: limit < matches.length ? matches.slice(matches.length - limit) : matches };
    },
    clear: () => {
      ring = [];
      start = seq;
    },
  };
}

function isMatch(entry: LogEntry, query: URLSearchParams): boolean {
  for (const [name, wanted] of query) {
    if (name === 'platform' && entry.platform !== wanted) return false;
    if (name === 'method' && entry.method !== wanted.toUpperCase()) return false;
    if (name === 'path' && !entry.path.includes(wanted)) return false;
    if (name === 'sellerId' && String(entry.sellerId) !== wanted) return false;
    if (name === 'since' && entry.seq < Number(wanted)) return false;
    if (name === 'status' && !(wanted.endsWith('xx') ? String(entry.status)[0] === wanted[0] && entry.status > 0 : String(entry.status) === wanted))
      return false;
  }
  return true;
}
