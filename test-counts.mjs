// What `npm test` makes of the reports of its tools.

/** Settings of the person's own Karavan must not reach the tests. */
export function testEnvironment(env) {
  const isOurs = (name) => name.startsWith('KARAVAN_') || ['PORT', 'DATABASE_URL', 'SANDBOX_PORT', 'LOG_LEVEL', 'NODE_ENV'].includes(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)));
}

/** Counts of a vitest JSON report; a file that could not be loaded has no tests and counts as one failure. */
export function countVitest(report) {
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded, skipped: report.numPendingTests + report.numTodoTests };
}

/** Counts of a Playwright JSON report; a test that passed only when repeated counts as failed. */
export function countPlaywright({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + (errors?.length ?? 0), skipped: stats.skipped };
}
