import { parseArgs } from 'node:util';
import { importBench } from './import.ts';
import { listBench } from './list.ts';
import { ordersInBench } from './orders-in.ts';
import { startBench } from './start.ts';
import type { Bench, Result } from './measure.ts';

/* `npm run bench -- NAME [--json] [--rows N]`: one measurement; without NAME all of them. Every figure stands beside its limit or a peer of the same run. */

const benches: Record<string, Bench> = { list: listBench, import: importBench, 'orders-in': ordersInBench, start: startBench };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, rows: { type: 'string', default: '100000' } },
});
const names = positionals.length === 0 ? Object.keys(benches) : positionals;
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}

const number = (value: number): string => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2));
const line = (result: Result): string =>
  [
    result.metric.padEnd(52),
    `${number(result.value)} ${result.unit}`.padStart(18),
    (result.limit === null ? '' : `${number(result.limit)} ${result.unit}`).padStart(18),
    (result.ratio === null ? '' : number(result.ratio)).padStart(8),
    result.target.padStart(14),
    result.holds ? 'holds' : 'MISSED',
  ].join('  ');

for (const name of names) {
  const bench = benches[name];
  if (bench === undefined) continue;
  const results = await bench({ rows: Number(values.rows), say: (text) => process.stderr.write(`${name}: ${text}\n`) });
  process.stdout.write(
    `\n${name}\n${['metric'.padEnd(52), 'measured'.padStart(18), 'limit or peer'.padStart(18), 'ratio'.padStart(8), 'target'.padStart(14)].join('  ')}\n`,
  );
  for (const result of results) process.stdout.write(`${line(result)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ name, results })}\n`);
}
process.exit(0);
