import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError, failureOf } from '#shared/util/result.ts';
import type { HandlerServices, Handlers } from './handler.ts';

/** A plan of another machine, as text: looked at and signed here, without becoming part of a case. */
export function exchangeHandlers({
  engine,
  host,
  tokens,
}: HandlerServices): Handlers<'respond.readPlan' | 'respond.signPlan'> {
  const link = () => engine.respond(host.secrets);
  return {
    'respond.readPlan': ({ text }) =>
      withFile(text, (file) => link().call('preview', { plan: { file }, case: null })),
    'respond.signPlan': ({ text, hash, keyToken, ...input }) =>
      withFile(text, async (file) => {
        const shown = await link().call('preview', { plan: { file }, case: null });
        if (shown.hash !== hash) throw new FailureError('refused', 'The plan is not the one that was shown.');
        const before = await envelopesIn(file);
        const key = tokens.take(keyToken).path;
        await link().call('approve', { ...input, plan: { file }, key, case: null });
        const envelope = (await envelopesIn(file)).find((each) => !before.includes(each));
        if (envelope === undefined)
          throw new FailureError('refused', 'This key has signed the plan already.');
        return { envelope };
      }),
  };
}

async function envelopesIn(file: string): Promise<readonly string[]> {
  const { approvals } = JSON.parse(await readFile(file, 'utf8')) as { readonly approvals: readonly object[] };
  return approvals.map((envelope) => JSON.stringify(envelope));
}

/** The text as a file of this user alone, which is gone afterwards. */
async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'rescind-plan-'));
  const file = join(folder, 'plan.json');
  try {
    await writeFile(file, text, { mode: 0o600 });
    return await use(file);
  } catch (thrown) {
    const { kind, message } = failureOf(thrown);
    throw new FailureError(kind, message.replaceAll(file, 'This text'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
