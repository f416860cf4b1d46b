import type { Behaviour } from '#shared/respond/baseline.ts';
import type { Usage } from '#shared/respond/forecast.ts';
import type { PlanReference } from '#shared/respond/plan.ts';
import { type LogWitness, type WitnessNeed, coverage, longestSilence } from '#shared/respond/witness.ts';
import type { Engine } from './engine.ts';

/** What the case knows of identities, for plans and receipts: asked of the reader, handed to respond as data. */

const day = 86_400_000;
const usageDays = 30;
const mostConsumers = 200;
const mostNames = 20;

/** Other names of an identity in the case's events, so that a provider can find it under its own. */
export async function aliasesOf(engine: Engine, id: string): Promise<string[]> {
  const names = new Set<string>();
  for (const field of ['subject.name', 'subject.id']) {
    const { rows } = await engine.read(
      'events.count',
      { query: either(id), from: null, to: null, by: [field], bucket: null, limit: mostNames },
      {},
    );
    for (const { values } of rows) {
      const [name] = values;
      if (typeof name === 'string' && name !== '' && name !== id) names.add(name);
    }
  }
  return [...names].slice(0, mostNames);
}

/** Who used an identity in the last thirty days that the case covers, hour by hour. */
export async function usageOf(engine: Engine, reference: PlanReference): Promise<Usage> {
  const summary = await engine.current();
  const end = Date.parse(summary?.to ?? '');
  const none = { group: reference.group, days: usageDays, covered: false, consumers: [], truncated: false };
  if (Number.isNaN(end)) return none;
  const from = new Date(end - usageDays * day).toISOString();
  const { rows, groups } = await engine.read(
    'events.count',
    {
      query: `(${anyName(reference)}) -outcome:deny`,
      from,
      to: null,
      by: ['userAgent', 'ip'],
      bucket: 'hour',
      limit: mostConsumers * 100,
    },
    {},
  );
  const consumers = new Map<string, { events: number; times: number[] }>();
  for (const { values, count } of rows) {
    const [bucket, agent, ip] = values;
    const name = [agent, ip].filter((part) => part !== null && part !== undefined).join(' from ');
    const known = consumers.get(name) ?? { events: 0, times: [] };
    known.events += count;
    if (typeof bucket === 'string') known.times.push(Date.parse(bucket));
    consumers.set(name, known);
  }
  return {
    group: reference.group,
    days: usageDays,
    covered: Date.parse(summary?.from ?? '') <= Date.parse(from),
    consumers: [...consumers].slice(0, mostConsumers).map(([name, { events, times }]) => ({
      name: name === '' ? 'unknown' : name,
      events,
      times: times.toSorted((first, second) => first - second),
    })),
    truncated: consumers.size > mostConsumers || groups > rows.length,
  };
}

/** What identities did within a time, for the comparison after a restore. */
export function behaviourOf(
  engine: Engine,
  references: readonly PlanReference[],
  from: string | null,
  to: string | null,
): Promise<Behaviour[]> {
  return Promise.all(
    references.map(async (reference) => {
      const query = `(${anyName(reference)}) outcome:allow`;
      const { rows } = await engine.read(
        'events.count',
        { query, from, to, by: ['action', 'ip'], bucket: 'day', limit: 100_000 },
        {},
      );
      const features = rows.map(({ values: [first, action, ip] }) => ({
        action: action ?? '',
        ip: ip ?? '',
        first: first ?? '',
      }));
      return { group: reference.group, features };
    }),
  );
}

/** What the case's logs say of a run: whether they cover it, and the last success and the first denial of each identity. */
export async function witnesses(engine: Engine, needs: readonly WitnessNeed[]): Promise<LogWitness[]> {
  const files = await engine.read('evidence.list', {}, {});
  return Promise.all(
    needs.map(async (need) => ({
      provider: need.provider,
      ...coverage(need, files, await hoursAround(engine, need)),
      subjects: await Promise.all(
        need.groups.map(async ({ group, names }) => {
          const formats = (need.formats ?? []).map((format) => `format:${quoted(format)}`).join(' OR ');
          const who = names.map(either).join(' OR ');
          const query = formats === '' ? `(${who})` : `(${who}) (${formats})`;
          const one = async (
            outcome: 'allow' | 'deny',
            sort: 'time' | '-time',
            from: string | null,
            to: string | null,
          ) =>
            engine.read(
              'events.page',
              { query: `${query} outcome:${outcome}`, from, to, sort, offset: 0, limit: 1 },
              {},
            );
          const [success, denial, after] = await Promise.all([
            one('allow', '-time', null, need.until),
            one('deny', 'time', need.from, need.until),
            one('allow', 'time', need.to, need.until),
          ]);
          return {
            group,
            lastSuccess: eventOf(success.rows[0]),
            firstDenial: eventOf(denial.rows[0]),
            successesAfter: after.total,
          };
        }),
      ),
    })),
  );
}

/** The hours in which each format of a need has records, from a day before the window to a day after it. */
async function hoursAround(
  engine: Engine,
  { formats, from, to }: WitnessNeed,
): Promise<Map<string, number[]>> {
  const beyond = longestSilence + 3_600_000;
  const found = new Map<string, number[]>();
  for (const format of formats ?? []) {
    const { rows } = await engine.read(
      'events.count',
      {
        query: `format:${quoted(format)}`,
        from: new Date(Date.parse(from) - beyond).toISOString(),
        to: new Date(Date.parse(to) + beyond).toISOString(),
        by: ['format'],
        bucket: 'hour',
        limit: 100_000,
      },
      {},
    );
    const hours = rows.flatMap(({ values: [bucket] }) =>
      typeof bucket === 'string' ? Date.parse(bucket) : [],
    );
    found.set(
      format,
      hours.toSorted((first, second) => first - second),
    );
  }
  return found;
}

function eventOf(
  row: { readonly id: string; readonly time: string } | undefined,
): { time: string; event: string } | null {
  return row === undefined ? null : { time: row.time, event: row.id };
}

function anyName({ id, aliases }: Pick<PlanReference, 'id' | 'aliases'>): string {
  return [id, ...aliases].map(either).join(' OR ');
}

function either(name: string): string {
  return `(subject.id:${quoted(name)} OR subject.name:${quoted(name)} OR credential.id:${quoted(name)} OR session.id:${quoted(name)})`;
}

/** A value of the query language, taken literally. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
