// `npm run bench`: Rescind beside DuckDB on the same generated files, in turn, in one run.
//   npm run bench -- [--events N] [--rounds N] [--questions N]
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../support/imports.ts';
import { benchData } from './data.ts';
import { benchConsole } from './console-bench.ts';
import { benchIngest } from './ingest-bench.ts';
import { printTable } from './figures.ts';
import { measureEntitlements } from './entitlements.ts';
import { benchPeople } from './people.ts';
import { measureAwsIam } from './policies.ts';
import { measureKubernetesRbac } from './policies-kubernetes.ts';
import { benchQueries } from './query-bench.ts';
import { benchTraces } from './trace-bench.ts';
import { runChild } from './run-child.ts';
import { benchScale } from './scale.ts';
import { benchReplay } from './replay-bench.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    questions: { type: 'string', default: '20' },
  },
});

const data = await benchData(Number(values.events));
const work = mkdtempSync(join(projectRoot, '.cache', 'bench', 'run-'));
try {
  const figures = await benchIngest(data, work, Number(values.rounds));
  await benchQueries(figures, Number(values.questions));
  await benchPeople(figures.caseFolder);
  await benchConsole(figures.caseFolder, 4);
  await benchTraces();
} finally {
  rmSync(work, { recursive: true, force: true });
}

// One thread each, full traces.
const decisions = [
  ['AWS IAM, 30 statements, boundary, SCPs', await measureAwsIam(), '≥ 100,000'],
  ['Kubernetes RBAC, 100 bindings', await measureKubernetesRbac(), '≥ 70,000'],
] as const;
printTable(
  'Decisions with full traces',
  ['', 'decisions/s', 'goal'],
  decisions.map(([name, { perSecond }, goal]) => [name, Math.round(perSecond).toLocaleString('en'), goal]),
);

const replay = await benchReplay(Number(values.events));
printTable(
  'Replay of the whole log under another bundle',
  ['', 's', 'goal'],
  [
    [
      `${replay.events.toLocaleString('en')} events of ${replay.requests.toLocaleString('en')} requests, after load`,
      replay.seconds.toFixed(1),
      '≤ 10',
    ],
  ],
);

await benchScale();

const rights = await measureEntitlements();
printTable(
  'Permissions of 1,000 principals with 30 statements each',
  ['', 's', 'goal'],
  [
    ['effective permissions', rights.listSeconds.toFixed(2), '≤ 5'],
    ['drift between two such bundles', rights.driftSeconds.toFixed(2), '≤ 2'],
    ['ways to more rights', rights.pathSeconds.toFixed(2), ''],
  ],
);

// Against stand-ins on loopback, which work in the same process and share its time.
const revocations = [
  ['1 identity, 5 providers', ['1', '5'], 'first effect ≤ 2 s'],
  ['1,000 identities in one plan', ['1000', '1'], 'all ≤ 60 s'],
] as const;
const rows: (readonly string[])[] = [];
for (const [name, words, goal] of revocations) {
  const { answer } = await runChild(join(projectRoot, 'test', 'bench', 'respond.ts'), words);
  const { actions, firstEffectSeconds, totalSeconds } = answer;
  rows.push([
    name,
    ...[actions, firstEffectSeconds, totalSeconds].map((figure) => String(Number(figure))),
    goal,
  ]);
}
printTable('Revocation', ['', 'actions', 'first effect (s)', 'all (s)', 'goal'], rows);
