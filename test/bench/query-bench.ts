import { join } from 'node:path';
import { createSession } from '#electron/headless/session.ts';
import type { InputOf, OperationName } from '#shared/ipc/contract.ts';
import { projectRoot } from '../support/imports.ts';
import { median, milliseconds, percentile, printTable, ratio } from './figures.ts';
import type { IngestFigures } from './ingest-bench.ts';
import { consoleQueries, newTexts } from './queries.ts';
import { runChild } from './run-child.ts';

/** Asks both the console's questions and prints the times; then reads raw records at random. */
export async function benchQueries({ caseFolder, database }: IngestFigures, rounds: number): Promise<void> {
  const session = createSession();
  try {
    const opened = performance.now();
    await session.engine.openCase(caseFolder);
    const subject = await deniedSubject(session);
    const openMs = performance.now() - opened;
    const ours: Record<string, number[]> = {};
    for (let round = 0; round < rounds; round++) {
      for (const [name, requests] of Object.entries(consoleQueries)) {
        const started = performance.now();
        for (const { name: operation, input } of requests) {
          await ask(session, operation as OperationName, withSubject(input, subject));
        }
        (ours[name] ??= []).push(performance.now() - started);
      }
    }
    for (const text of newTexts) {
      const started = performance.now();
      await ask(session, 'events.count', { query: text });
      (ours['new texts'] ??= []).push(performance.now() - started);
    }
    const peer = await runChild(join(projectRoot, 'test/bench/duckdb-peer.ts'), [
      'queries',
      database,
      String(rounds),
    ]);
    const theirs = peer.answer as Record<string, number[]>;
    printTable(
      'Questions of the console, ms',
      ['', 'first', 'p50', 'p95 after the first', 'DuckDB p50', 'DuckDB ÷ Rescind (goal ≥ 1)'],
      Object.entries(ours).map(([name, times]) => [
        name,
        // The first time the columns and dictionaries of the question are loaded.
        milliseconds(times[0] ?? Number.NaN),
        milliseconds(median(times)),
        milliseconds(percentile(times.slice(1), 0.95)),
        milliseconds(median(theirs[name] ?? [])),
        ratio(median(theirs[name] ?? []), median(times)),
      ]),
    );
    const raw = await rawTimes(session, 200);
    printTable(
      'More',
      ['', 'ms', 'goal'],
      [
        ['case opened, first answer', milliseconds(openMs), ''],
        ['event → raw bytes, p95', milliseconds(percentile(raw, 0.95)), '< 10'],
      ],
    );
  } finally {
    session.close();
  }
}

type Session = ReturnType<typeof createSession>;

async function ask<K extends OperationName>(session: Session, name: K, input: InputOf<K>) {
  const result = await session.client.request(name, input);
  if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
  return result.value;
}

async function deniedSubject(session: Session): Promise<string> {
  const { rows } = await ask(session, 'events.count', {
    query: 'outcome:deny',
    by: ['subject.id'],
    limit: 1,
  });
  return String(rows[0]?.values[0]);
}

function withSubject(input: Record<string, unknown>, subject: string): never {
  const text = JSON.stringify(input).replaceAll('$subject', subject.replaceAll('\\', '\\\\'));
  return JSON.parse(text) as never;
}

/** Raw records from all over the case. */
async function rawTimes(session: Session, samples: number): Promise<number[]> {
  const { total } = await ask(session, 'events.page', { limit: 1 });
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    // A fixed stride that visits the case in no order.
    const offset = (sample * 7_919_993) % total;
    const page = await ask(session, 'events.page', { offset, limit: 1 });
    const id = page.rows[0]?.id ?? '';
    const started = performance.now();
    await ask(session, 'events.raw', { id });
    times.push(performance.now() - started);
  }
  return times;
}
