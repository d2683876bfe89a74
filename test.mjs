// `npm test`: everything that is checked, one stage after the other; `npm test -- quick` leaves out what is slow,
// `npm test -- vitest …` and `npm test -- playwright …` run one tool with arguments of your own.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { commandOf, endWithNpm, isStopping, launch, Refusal, runNode } from './launch.mjs';
import { ensureInstalled, ensureWebBuilt } from './prepare.mjs';
import { countPlaywright, countVitest, testEnvironment } from './test-counts.mjs';

const stageTimeoutMs = 30 * 60_000;
const reports = mkdtempSync(path.join(os.tmpdir(), 'karavan-reports-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

const reportOf = (packageName) => path.join(reports, `${packageName.replace('/', '-')}.json`);
const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: '0' };
const tool = (packageName, command, args, env = {}) =>
  runNode([commandOf(packageName, command), ...args], {
    capture: true,
    timeoutMs: stageTimeoutMs,
    env: { ...testEnvironment(process.env), ...colours, ...env },
  });

/** A stage that is one check. */
const check = (name, packageName, command, args) => ({
  name,
  async run() {
    const { code, output } = await tool(packageName, command, args);
    return { ...(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }), output };
  },
});

/** A stage of many tests, counted from the report that the tool writes. */
const tests = (name, packageName, command, args, count, env = {}) => ({
  name,
  async run() {
    const { code, output } = await tool(packageName, command, args, env);
    let counts = { passed: 0, failed: 0, skipped: 0 };
    let problem = '';
    try {
      counts = count(JSON.parse(readFileSync(reportOf(packageName), 'utf8')));
    } catch (error) {
      problem = `\nThere is no report of the tests: ${error.message}`;
    }
    if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) {
      counts.failed = 1;
      problem ||= `\n${command} ended with code ${code} after ${counts.passed} passed tests.`;
    }
    return { ...counts, output: output + problem };
  },
});

const types = check('types of the server', 'typescript', 'tsc', ['-p', 'tsconfig.json']);
const webTypes = check('types of the web', 'typescript', 'tsc', ['-p', 'web/tsconfig.json']);
const lint = check('lint', 'oxlint', 'oxlint', ['--type-aware']);
const vitest = tests(
  'unit, database and API tests',
  'vitest',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportOf('vitest')}`],
  countVitest,
);
const webBuild = {
  name: 'web build',
  async run() {
    try {
      await ensureWebBuilt();
      return { passed: 1, failed: 0, output: '' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { passed: 0, failed: 1, output: error.message };
    }
  },
};
const browser = {
  ...tests('browser tests', '@playwright/test', 'playwright', ['test', '--reporter=list,json'], countPlaywright, {
    PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf('@playwright/test'),
  }),
  needs: webBuild,
};

const quickStages = [types, webTypes, lint, vitest];
const allStages = [types, webTypes, lint, check('format', 'oxfmt', 'oxfmt', ['--check']), check('unused code', 'knip', 'knip', []), vitest, webBuild, browser];

function describe({ passed, failed, skipped = 0 }) {
  if (passed + failed + skipped === 1) return '';
  const parts = [`${passed + failed} tests`, failed > 0 && `${failed} of them failed`, skipped > 0 && `${skipped} left out`];
  return `  ${parts.filter(Boolean).join(', ')}`;
}

async function runStages(stages) {
  const total = { passed: 0, failed: 0 };
  const broken = new Set();
  for (const stage of stages) {
    const startedAt = Date.now();
    const result = broken.has(stage.needs) ? { passed: 0, failed: 1, output: `Not run, because the stage "${stage.needs.name}" failed.` } : await stage.run();
    if (isStopping()) throw new Refusal('Stopped.');
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (result.failed > 0) {
      broken.add(stage);
      console.log(`${result.output.trimEnd()}\n`);
    }
    console.log(`${result.failed === 0 ? 'ok    ' : 'FAILED'}  ${stage.name.padEnd(28)} ${seconds.padStart(6)} s${describe(result)}`);
    total.passed += result.passed;
    total.failed += result.failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

await launch(async () => {
  const [what, ...args] = process.argv.slice(2);
  endWithNpm();
  const env = testEnvironment(process.env);
  if (what !== undefined && !['quick', 'vitest', 'playwright'].includes(what))
    throw new Refusal(`There is no test run "${what}"; there are quick, vitest and playwright, and everything when none is named.`);
  await ensureInstalled({ withTools: true });
  if (what === 'vitest') return (await runNode([commandOf('vitest'), 'run', ...args], { env })).code;
  if (what === 'playwright') {
    await ensureWebBuilt();
    return (await runNode([commandOf('@playwright/test', 'playwright'), 'test', ...args], { env })).code;
  }
  return runStages(what === 'quick' ? quickStages : allStages);
});
