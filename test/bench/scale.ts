import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createSession } from '#electron/headless/session.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { openWritable, sql } from '#electron/store/connection.ts';
import { EventStore } from '#electron/store/write/event-store.ts';
import { createWriterService } from '#electron/store/write/writer-service.ts';
import type { EventBatch } from '#shared/domain/batch.ts';
import {
  type DimensionName,
  type DimensionValues,
  dimensionNames,
  dimensions,
  hashedFields,
} from '#shared/domain/dimensions.ts';
import { openColumns } from '#shared/domain/packed-batch.ts';
import { projectRoot } from '../support/imports.ts';
import { median, milliseconds, printTable } from './figures.ts';
import { benchUsage } from './usage-scale.ts';
import { packBatch } from '../support/pack-batch.ts';

const start = Date.UTC(2026, 0, 1) * 1000;
const day = 86_400e6;
const account = '111122223333';

/** Of how many identities and permissions the console has to stay readable. */
export async function benchScale(identities = 100_000, principals = 26_000): Promise<void> {
  const home = mkdtempSync(join(projectRoot, '.cache', 'bench', 'scale-'));
  try {
    await benchIdentities(join(home, 'case'), join(home, 'config'), identities);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  await benchUsage(principals);
}

async function benchIdentities(folder: string, configFolder: string, count: number): Promise<void> {
  fillCase(folder, configFolder, count);
  const session = createSession();
  try {
    await session.engine.openCase(folder);
    const ask = async (input: object): Promise<number> => {
      const started = performance.now();
      const answer = await session.client.request('identities.list', { limit: 200, ...input });
      if (!answer.ok) throw new Error(answer.error.message);
      return performance.now() - started;
    };
    const first = await ask({});
    const judged = [30, 45, 60].map((dormantAfterDays) => ({ dormantAfterDays }));
    const again: number[] = [];
    for (const input of judged) again.push(await ask(input));
    const filtered: number[] = [];
    for (const text of ['user4', 'person99', 'nobody', 'user123']) {
      filtered.push(await ask({ dormantAfterDays: 60, text, sort: '-events' }));
    }
    const turned: number[] = [];
    for (const sort of ['-lastSeen', 'firstSeen', 'denied', '-id'] as const) {
      turned.push(await ask({ dormantAfterDays: 60, sort }));
    }
    const pages: number[] = [];
    for (let offset = 0; offset < count; offset += count / 10) {
      pages.push(await ask({ dormantAfterDays: 60, offset }));
    }
    printTable(
      `Inventory of ${count.toLocaleString('en')} identities, ms`,
      ['', 'measured', 'goal'],
      [
        ['first answer', milliseconds(first), '≤ 1,000'],
        ['judged at another threshold, p50', milliseconds(median(again)), ''],
        ['another filter, p50', milliseconds(median(filtered)), '≤ 100'],
        ['another order, p50', milliseconds(median(turned)), '≤ 100'],
        ['another page, p50', milliseconds(median(pages)), '≤ 50'],
      ],
    );
  } finally {
    session.close();
  }
}

/** A case of people who each did three things; every tenth has a key of its own. */
function fillCase(folder: string, configFolder: string, count: number): void {
  const writer = createWriterService() as unknown as {
    create(input: object): void;
    close(input: object): void;
  };
  writer.create({ folder, configFolder, name: 'Scale' });
  writer.close({});
  const db = openWritable(caseFolder(folder).database);
  try {
    const store = new EventStore(db);
    const each = 20_000;
    for (let from = 0; from < count; from += each)
      store.add(1, openColumns(packBatch(peopleBatch(from, Math.min(count, from + each))).columns));
    db.transaction(() => {
      store.flush(db);
      db.prepare(sql`update state set revision = revision + 1`).run();
    }).immediate();
  } finally {
    db.close();
  }
}

const acts = ['GetObject', 'ListBuckets', 'AssumeRole'];

function peopleBatch(from: number, to: number): EventBatch {
  const count = (to - from) * acts.length;
  const values = (name: DimensionName, index: number): DimensionValues => {
    const person = from + Math.floor(index / acts.length);
    const act = acts[index % acts.length] ?? '';
    if (name === 'format') return ['aws-cloudtrail'];
    if (name === 'account') return [account];
    if (name === 'subject')
      return ['user', `arn:aws:iam::${account}:user/user${person}`, `person${person}`, account];
    if (name === 'operation') return [`s3:${act}`, act, 's3', null];
    if (name === 'decision') return [person % 7 === 0 ? 'deny' : 'allow', null, null, null];
    if (name === 'credential' && person % 10 === 0) return [`AKIA${person}`, 'access-key'];
    return dimensions[name].map(() => null);
  };
  const column = (name: DimensionName): EventBatch['dimensions'][DimensionName] => {
    const known = new Map<string, number>();
    const ids = Uint32Array.from({ length: count }, (_, index) => {
      const text = JSON.stringify(values(name, index));
      const id = known.get(text) ?? known.size;
      known.set(text, id);
      return id;
    });
    return { ids, values: [...known.keys()] };
  };
  const place = (index: number): number => from * acts.length + index;
  return {
    count,
    micros: Float64Array.from({ length: count }, (_, index) => start + ((place(index) * 7_919) % 120) * day),
    nanos: new Uint16Array(count),
    timeDigits: new Uint8Array(count),
    keys: Uint32Array.from({ length: count * 4 }, (_, word) => (word % 4 === 0 ? place(word / 4) : 1)),
    offsets: Float64Array.from({ length: count }, (_, index) => place(index) * 100),
    lengths: new Uint32Array(count).fill(99),
    dimensions: Object.fromEntries(
      dimensionNames.map((name) => [name, column(name)]),
    ) as unknown as EventBatch['dimensions'],
    hashes: hashedFields.map(() => new Uint32Array(count)),
    rejected: [],
    skipped: [],
  };
}

if (process.argv[1] === import.meta.filename) await benchScale();
