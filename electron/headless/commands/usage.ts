import type { LocalClient } from '#electron/router/client.ts';
import { valueOf } from '#electron/router/value-of.ts';
import { FailureError } from '#shared/util/result.ts';
import { type UsageState, usageStates } from '#shared/domain/usage.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type Command, type Invocation, caseOption, openCase, textOf } from './command.ts';

const mostRows = 1_000_000;

export const usage: Command = {
  name: 'usage',
  usage:
    '--case DIR [--subject ID] [--bundle ID] [--as-of T] [--state STATE] [--match TEXT] [--propose [--margin M] [--reads] [--seen-only]]',
  summary: 'what is granted beside what the log shows used: used, not-used or cannot-know (JSON Lines)',
  notes:
    'Without --bundle the bundles that were in force at --as-of (default: the end of the evidence) are taken.\n' +
    '“not-used” is said only where the log that would show it is there, long enough and without gaps.\n' +
    'With --propose it ends with 1 where the proposal would have refused something that was allowed.',
  options: {
    ...caseOption,
    subject: { type: 'string', value: 'ID', help: 'only this identity’s permissions' },
    bundle: { type: 'string', value: 'ID', help: 'a bundle of the case' },
    state: { type: 'string', value: 'STATE', help: 'only these: used, not-used or cannot-know' },
    match: { type: 'string', value: 'TEXT', help: 'only those with this in the action or resource' },
    'as-of': { type: 'string', value: 'T', help: 'the reference time (RFC 3339)' },
    propose: { type: 'boolean', help: 'the smallest policy for what --subject was seen to use (JSON)' },
    margin: {
      type: 'string',
      value: 'M',
      help: 'resources of the proposal: exact, siblings (default: those beside what was used) or granted',
    },
    reads: { type: 'boolean', help: 'the proposal also reads what it uses' },
    'seen-only': { type: 'boolean', help: 'the proposal drops rights whose use the log cannot show' },
    text: { type: 'boolean', help: 'only the text of the proposed policy' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    if (invocation.options['propose'] === true) return propose(invocation);
    const request = {
      subject: textOf(invocation, 'subject') ?? null,
      bundle: textOf(invocation, 'bundle') ?? null,
      asOf: textOf(invocation, 'as-of') ?? null,
      usage: stateOf(invocation),
      text: textOf(invocation, 'match') ?? '',
      limit: mostRows,
    };
    const { client } = await openCase(invocation);
    const { rows } = valueOf(await client.request('usage.run', request, { signal: invocation.signal }));
    if (rows.length === 0 && request.subject !== null)
      await checkSubject(client, request.subject, invocation.signal);
    if (rows.length === 0) invocation.terminal.note('No permission of the bundles matches.');
    for (const { entitlement, usage: state, ...rest } of rows) {
      const { subject, action, resource, key } = entitlement;
      const line = {
        key,
        subject: subject.id,
        action: action.pattern,
        resource: resource.pattern,
        usage: state,
      };
      const written = invocation.terminal.write(`${JSON.stringify({ ...line, ...rest, entitlement })}\n`);
      if (written !== undefined) await written;
    }
    return exitCodes.done;
  },
};

/** Throws kind `not-found` for an identity that neither the logs nor the directories and bundles of the case know. */
async function checkSubject(client: LocalClient, subject: string, signal: AbortSignal): Promise<void> {
  const request = { text: subject, limit: mostRows };
  const { rows } = valueOf(await client.request('identities.list', request, { signal }));
  const isKnown = rows.some(
    ({ ids, appearances }) => ids.includes(subject) || appearances.some(({ id }) => id === subject),
  );
  if (!isKnown) throw new FailureError('not-found', `There is no identity ${subject} in this case.`);
}

/** Throws kind `invalid-input` for a state that there is not. */
function stateOf(invocation: Invocation): UsageState | null {
  const named = textOf(invocation, 'state');
  if (named === undefined) return null;
  const state = usageStates.find((known) => known === named);
  if (state !== undefined) return state;
  throw new FailureError('invalid-input', `--state is ${usageStates.join(', ')}, not “${named}”.`);
}

async function propose(invocation: Invocation): Promise<ExitCode> {
  const subject = textOf(invocation, 'subject');
  if (subject === undefined) throw new FailureError('invalid-input', 'Name whose policy with --subject ID.');
  const margin = textOf(invocation, 'margin') ?? 'siblings';
  if (margin !== 'exact' && margin !== 'siblings' && margin !== 'granted') {
    throw new FailureError('invalid-input', `--margin is exact, siblings or granted, not “${margin}”.`);
  }
  const request = {
    subject,
    bundle: textOf(invocation, 'bundle') ?? null,
    asOf: textOf(invocation, 'as-of') ?? null,
    margin: {
      resources: margin,
      reads: invocation.options['reads'] === true,
      unseen: invocation.options['seen-only'] !== true,
    },
  } as const;
  const { client } = await openCase(invocation);
  const proposal = valueOf(await client.request('usage.propose', request, { signal: invocation.signal }));
  if (proposal.policies.length === 0) await checkSubject(client, subject, invocation.signal);
  const text = proposal.policies.map((policy) => `${policy.text.trimEnd()}\n`).join('');
  const asText = invocation.options['text'] === true;
  await invocation.terminal.write(asText ? text : `${JSON.stringify(proposal)}\n`);
  return proposal.broken.length > 0 ? exitCodes.no : exitCodes.done;
}
