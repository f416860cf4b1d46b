// `npm run bench`: Rescind beside DuckDB on the same generated files, in turn, in one run.
//   npm run bench -- [--events N] [--rounds N] [--questions N] [--keep FOLDER] [--only PART,…]
// `--keep` leaves the loaded case and DuckDB's table in a folder and uses them again the next time, for questions to a
// large case. `--only` runs some parts: load, queries, reader, people, console, traces, decisions, replay, scale,
// permissions, revocation.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../support/imports.ts';
import { benchData } from './data.ts';
import { benchConsole } from './console-bench.ts';
import { type IngestFigures, benchIngest, loadedIn } from './ingest-bench.ts';
import { printTable } from './figures.ts';
import { measureEntitlements } from './entitlements.ts';
import { benchPeople } from './people.ts';
import { measureAwsIam } from './policies.ts';
import { measureKubernetesRbac } from './policies-kubernetes.ts';
import { benchQueries } from './query-bench.ts';
import { benchReader } from './reader-bench.ts';
import { benchTraces } from './trace-bench.ts';
import { runChild } from './run-child.ts';
import { benchScale } from './scale.ts';
import { benchReplay } from './replay-bench.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    questions: { type: 'string', default: '20' },
    keep: { type: 'string' },
    only: { type: 'string' },
  },
});

/** In the order in which they run; what is asked of a case needs one that is loaded. */
const parts = {
  queries: (figures: IngestFigures) => benchQueries(figures, Number(values.questions)),
  reader: (figures: IngestFigures) => benchReader(figures.caseFolder),
  people: (figures: IngestFigures) => benchPeople(figures.caseFolder),
  console: (figures: IngestFigures) => benchConsole(figures.caseFolder, 4),
};
const further = {
  traces: benchTraces,
  decisions: benchDecisions,
  replay: benchTheReplay,
  scale: () => benchScale(),
  permissions: benchPermissions,
  revocation: benchRevocation,
};

const known = ['load', ...Object.keys(parts), ...Object.keys(further)];
const wanted = values.only?.split(',') ?? known;
for (const part of wanted) {
  if (!known.includes(part)) throw new Error(`There is no part ${part}; there are ${known.join(', ')}.`);
}

if (wanted.some((part) => part === 'load' || part in parts)) {
  const work = workFolder();
  try {
    const figures =
      keptLoad(work) ??
      (await benchIngest(await benchData(Number(values.events)), work, Number(values.rounds)));
    for (const [name, run] of Object.entries(parts)) if (wanted.includes(name)) await run(figures);
  } finally {
    if (values.keep === undefined) rmSync(work, { recursive: true, force: true });
  }
}
for (const [name, run] of Object.entries(further)) if (wanted.includes(name)) await run();

function workFolder(): string {
  const folder = values.keep ?? join(projectRoot, '.cache', 'bench');
  mkdirSync(folder, { recursive: true });
  return values.keep ?? mkdtempSync(join(folder, 'run-'));
}

/** What an earlier run loaded and kept; null where nothing was. */
function keptLoad(work: string): IngestFigures | null {
  const figures = loadedIn(work);
  return values.keep !== undefined && existsSync(figures.caseFolder) && existsSync(figures.database)
    ? figures
    : null;
}

/** One thread each, full traces. */
async function benchDecisions(): Promise<void> {
  const decisions = [
    ['AWS IAM, 30 statements, boundary, SCPs', await measureAwsIam(), '≥ 100,000'],
    ['Kubernetes RBAC, 100 bindings', await measureKubernetesRbac(), '≥ 70,000'],
  ] as const;
  printTable(
    'Decisions with full traces',
    ['', 'decisions/s', 'goal'],
    decisions.map(([name, { perSecond }, goal]) => [name, Math.round(perSecond).toLocaleString('en'), goal]),
  );
}

async function benchTheReplay(): Promise<void> {
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
}

async function benchPermissions(): Promise<void> {
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
}

/** Against stand-ins on loopback, which work in the same process and share its time. */
async function benchRevocation(): Promise<void> {
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
}
