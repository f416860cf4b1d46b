import { createSession } from '#electron/headless/session.ts';
import { median, milliseconds, printTable } from './figures.ts';

/**
 * Inventory and dormancy of a case: the first answer after it was opened, from the stored roll-ups; then judged anew at
 * another threshold, and pages of the inventory as it stands.
 */
export async function benchPeople(caseFolder: string): Promise<void> {
  const session = createSession();
  try {
    await session.engine.openCase(caseFolder);
    // The events are loaded when they are first asked for, which is not what is measured here.
    await ask(session, { limit: 1 }, 'events');
    const first = await timeOf(() => ask(session, { limit: 200 }));
    const judged: number[] = [];
    for (let days = 30; days < 40; days++) {
      judged.push(await timeOf(() => ask(session, { limit: 200, dormantAfterDays: days })));
    }
    const pages: number[] = [];
    for (let page = 0; page < 20; page++) {
      pages.push(await timeOf(() => ask(session, { limit: 200, offset: page * 10, dormantAfterDays: 39 })));
    }
    printTable(
      'Identities',
      ['', 'ms', 'goal'],
      [
        ['inventory and dormancy, first answer', milliseconds(first), '≤ 1,000'],
        ['judged at another threshold, p50', milliseconds(median(judged)), ''],
        ['a page of it, p50', milliseconds(median(pages)), '≤ 50'],
      ],
    );
  } finally {
    session.close();
  }
}

type Session = ReturnType<typeof createSession>;

async function ask(
  session: Session,
  input: { readonly limit: number; readonly offset?: number; readonly dormantAfterDays?: number },
  what: 'identities' | 'events' = 'identities',
): Promise<void> {
  const result =
    what === 'events'
      ? await session.client.request('events.page', { limit: input.limit })
      : await session.client.request('identities.list', input);
  if (!result.ok) throw new Error(result.error.message);
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
