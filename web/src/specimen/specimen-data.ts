import type { RunFace } from '../ui/run-progress.tsx';
import type { ShellChannel } from '../ui/shell.tsx';

/* Invented figures for looking at the kit. */

export const channels: ShellChannel[] = [
  { id: 'c1', platform: 'north', name: 'North Market', mark: 'N', series: 1 },
  { id: 'c2', platform: 'east', name: 'East Bazaar RO', mark: 'RO', series: 2 },
  { id: 'c3', platform: 'east', name: 'East Bazaar DE', mark: 'DE', series: 3, trouble: 'bad' },
  { id: 'c4', platform: 'west', name: 'West Stall', mark: 'W', series: 4 },
];

const run: RunFace = {
  id: 'r1',
  title: 'Publish 1,032 products to East Bazaar DE',
  state: 'running',
  done: 640,
  total: 1032,
  failed: 9,
  rate: 11,
  etaSeconds: 36,
  retryAt: null,
  error: null,
  finishedAt: null,
};
const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

export const runs: RunFace[] = [
  { ...run, title: 'Full sync, North Market', done: 1240, total: 3410, failed: 0 },
  run,
  {
    ...run,
    id: 'r2',
    title: 'West Stall, full sync',
    state: 'waiting',
    done: 412,
    total: 1204,
    failed: 0,
    retryAt: soon(52),
    error: 'The platform’s limit is reached. 412 of 1,204 are kept; it goes on from there.',
  },
  { ...run, id: 'r3', title: 'Import costs-november.csv', state: 'done', done: 415, total: 415, failed: 3, finishedAt: soon(-166) },
  { ...run, id: 'r4', title: 'Read everything, North Market', state: 'running', done: 88, total: null, failed: 0, rate: null, etaSeconds: null },
  {
    ...run,
    id: 'r5',
    title: 'Send stock, East Bazaar DE',
    state: 'failed',
    done: 3,
    total: 17,
    failed: 14,
    error: 'East Bazaar DE refuses our key since 09:12. 14 stock changes wait; nothing is oversold so far.',
  },
];

export interface SpecimenRow {
  id: string;
  title: string;
  sku: string;
  available: number;
  reorder: number;
  price: string;
  margin: number;
  states: ('good' | 'moving' | 'attention' | 'bad' | 'none')[];
  listing: string;
  complete: number;
  sold: number[];
}

const titles = [
  'Tea glass set of 6, amber',
  'Mosaic table lamp, amber',
  'Iznik bowl 18 cm, cobalt',
  'Copper serving tray 32 cm',
  'Kilim cushion 45 × 45, indigo',
  'Cezve hammered copper 500 ml',
  'Gift set: cezve and 2 cups',
  'Olive wood board 30 cm',
  'Peshtemal Ege 100 × 180, terracotta',
  'Olive oil soap, rose 4 × 100 g',
];
const codes = ['TGL-6-AMB', 'LMP-MOS-AMB', 'IZN-B18-COB', 'TRY-CU-32', 'KLM-045-IND', 'CZV-500-CU', 'SET-CZV-2', 'BRD-OLV-30', 'PST-EGE-TER', 'SOP-ROS-4'];
const states = ['good', 'bad', 'good', 'none', 'moving', 'good', 'attention', 'good', 'bad', 'none'] as const;
const words = { good: 'Live on 3', moving: 'Sending to 2', attention: 'Title differs on East DE', bad: 'Refused on 2: energy class', none: 'Live on 1' };

/** The same rows for the same range, without keeping 100,000 of them. */
export function specimenRows(from: number, count: number): SpecimenRow[] {
  return Array.from({ length: count }, (_, offset) => {
    const n = from + offset;
    const third = states[(n * 7) % 10] ?? 'good';
    return {
      id: `p${n}`,
      title: titles[n % 10] ?? '',
      sku: `${codes[n % 10]}${n < 10 ? '' : `-${n}`}`,
      available: (n * 37) % 120,
      reorder: 20 + ((n * 13) % 90),
      price: `${40 + ((n * 53) % 300)}.${n % 3 === 0 ? '90' : '00'}`,
      margin: 0.12 + ((n * 17) % 40) / 100,
      states: ['good', n % 4 === 1 ? 'bad' : 'good', third, n % 3 === 0 ? 'none' : 'good'],
      listing: words[third],
      complete: 0.6 + ((n * 11) % 41) / 100,
      sold: Array.from({ length: 12 }, (_unused, day) => 10 + ((n * 31 + day * day * 7 + day * 13) % 23)),
    };
  });
}
