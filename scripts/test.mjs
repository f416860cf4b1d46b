// `npm test`: everything that must hold before a change lands. Every step is run, so that one run tells everything;
// the last line counts the tests.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './fresh.mjs';

const windows = process.platform === 'win32';
const env = { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH };
const results = join(root, '.cache', 'test-results.json');
/** @type {[name: string, command: string, args: string[]][]} */
const steps = [
  ['types', 'tsc', ['-b']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'biome', ['format', '.']],
  ['unused code', 'knip', []],
  [
    'tests',
    'vitest',
    [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}`,
      ...process.argv.slice(2),
    ],
  ],
];

rmSync(results, { force: true });
const outcomes = steps.map(([name, command, args]) => {
  console.log(`\n${name}: ${command} ${args.slice(0, 2).join(' ')}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit', shell: windows });
  return { name, ok: status === 0, seconds: (Date.now() - started) / 1000 };
});

console.log();
for (const { name, ok, seconds } of outcomes) {
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`);
}
const counts = readCounts();
console.log(
  counts === null
    ? 'The tests did not run to their end.'
    : `${counts.passed} passed, ${counts.failed} failed${counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`}`,
);
process.exitCode = outcomes.every(({ ok }) => ok) && counts?.failed === 0 ? 0 : 1;

/** What Vitest found; a file that could not even be loaded counts as one that failed. */
function readCounts() {
  let report;
  try {
    report = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    return null;
  }
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
