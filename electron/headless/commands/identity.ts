import { valueOf } from '#electron/router/value-of.ts';
import type { Decision, DecisionData, Standing } from '#shared/domain/decision.ts';
import { standings } from '#shared/domain/decision.ts';
import { type IdentityKind, identityKinds } from '#shared/domain/directory.ts';
import type { Identity } from '#shared/domain/identity.ts';
import { formatInstant, parseInstant } from '#shared/util/instant.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type Command, type Invocation, caseOption, openCase, textOf } from './command.ts';
import { type Subcommand, oneWord, runSubcommand, subcommandHelp } from './subcommand.ts';

const mostRows = 1_000_000;

const subcommands: Readonly<Record<string, Subcommand>> = {
  review: {
    usage: '--case DIR',
    summary: 'pairs that may be one identity, with what speaks for and against it (JSON Lines)',
    run: async (invocation) => {
      const { client } = await openCase(invocation);
      const { rows } = valueOf(await client.request('identities.review', { limit: 10_000 }));
      return printLines(invocation, rows);
    },
  },
  decisions: {
    usage: '--case DIR',
    summary: 'what was decided, by whom, when and why (JSON Lines)',
    run: async (invocation) => {
      const { client } = await openCase(invocation);
      return printLines(invocation, valueOf(await client.request('identities.decisions', {})));
    },
  },
  merge: {
    usage: '--case DIR --why TEXT ID ID…',
    summary: 'these are one identity',
    run: (invocation) =>
      decide(invocation, (find) => ({
        kind: 'merge',
        appearances: several(invocation).flatMap((id) => find(id).appearances.map(({ key }) => key)),
      })),
  },
  split: {
    usage: '--case DIR --why TEXT KEY…',
    summary: 'these appearances (key or id) are an identity of their own',
    run: (invocation) =>
      decide(invocation, (find) => ({
        kind: 'split',
        appearances: invocation.positionals.map((word) => appearanceIn(find(word), word)),
      })),
  },
  distinct: {
    usage: '--case DIR --why TEXT KEY KEY',
    summary: 'a pair of the review is not one identity',
    run: (invocation) =>
      decide(invocation, (find) => ({
        kind: 'distinct',
        appearances: several(invocation).map((word) => appearanceIn(find(word), word)),
      })),
  },
  rename: {
    usage: '--case DIR --why TEXT --name NAME ID',
    summary: 'how people call it',
    run: (invocation) =>
      decide(invocation, (find) => ({
        kind: 'rename',
        appearance: keyOf(find(oneWord(invocation, 'The identity'))),
        name: needed(invocation, 'name'),
      })),
  },
  owner: {
    usage: '--case DIR --why TEXT [--owner WHO] ID',
    summary: 'who answers for it; without --owner nobody',
    run: (invocation) =>
      decide(invocation, (find) => ({
        kind: 'owner',
        appearance: keyOf(find(oneWord(invocation, 'The identity'))),
        owner: textOf(invocation, 'owner') ?? null,
      })),
  },
  kind: {
    usage: `--case DIR --why TEXT --kind (${identityKinds.join('|')}) ID`,
    summary: 'what it is',
    run: (invocation) =>
      decide(invocation, (find) => ({
        kind: 'kind',
        appearance: keyOf(find(oneWord(invocation, 'The identity'))),
        as: oneOf<IdentityKind>(needed(invocation, 'kind'), identityKinds, 'kind'),
      })),
  },
  standing: {
    usage: `--case DIR --why TEXT --as (${standings.join('|')}) [--until T] ID`,
    summary: 'whether it is there for good, for a time, or as an exception with an end',
    run: (invocation) =>
      decide(invocation, (find) => ({
        kind: 'standing',
        appearance: keyOf(find(oneWord(invocation, 'The identity'))),
        as: oneOf<Standing>(needed(invocation, 'as'), standings, 'as'),
        until: untilOf(invocation),
      })),
  },
  undo: {
    usage: '--case DIR --why TEXT NUMBER',
    summary: 'takes a decision back, by a decision',
    run: (invocation) =>
      decide(invocation, () => ({ kind: 'undo', number: Number(oneWord(invocation, 'The number')) })),
  },
};

export const identity: Command = {
  name: 'identity',
  usage: `(${Object.keys(subcommands).join(' | ')}) --case DIR …`,
  summary: 'decide about identities: what is one, who owns it, for how long it stands',
  notes: `Every decision is kept in the case and entered in its journal with who, when and why.\n${subcommandHelp('identity', subcommands)}`,
  options: {
    ...caseOption,
    why: { type: 'string', value: 'TEXT', help: 'the reason, for the journal' },
    name: { type: 'string', value: 'NAME', help: 'the new name' },
    owner: { type: 'string', value: 'WHO', help: 'a mail, a login or a team' },
    kind: { type: 'string', value: 'KIND', help: 'what the identity is' },
    as: { type: 'string', value: 'STANDING', help: 'how long the identity stands' },
    until: { type: 'string', value: 'T', help: 'the end (RFC 3339)' },
  },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  run: (invocation) => runSubcommand('identity', subcommands, invocation),
};

type Find = (word: string) => Identity;

async function decide(
  invocation: Invocation,
  dataOf: (find: Find) => DecisionData | PromiseLike<DecisionData>,
): Promise<ExitCode> {
  const why = needed(invocation, 'why');
  const { client } = await openCase(invocation);
  const { rows } = valueOf(await client.request('identities.list', { limit: mostRows }));
  const data = await dataOf((word) => findIdentity(rows, word));
  const decision: Decision = valueOf(await client.request('identities.decide', { why, data } as never));
  await invocation.terminal.write(`${JSON.stringify(decision)}\n`);
  return exitCodes.done;
}

/** The identity of an id or of an appearance's key. Throws kinds `not-found` and `invalid-input`. */
function findIdentity(rows: readonly Identity[], word: string): Identity {
  const found = rows.filter(
    ({ ids, appearances }) => ids.includes(word) || appearances.some(({ key }) => key === word),
  );
  const [only, ...more] = found;
  if (only === undefined) throw new FailureError('not-found', `There is no identity ${word} in this case.`);
  if (more.length === 0) return only;
  const keys = found.flatMap(({ appearances }) =>
    appearances.filter(({ id }) => id === word).map(({ key }) => key),
  );
  throw new FailureError(
    'invalid-input',
    `${found.length} identities are ${word}. Name one by its key: ${keys.join('  ')}`,
  );
}

function appearanceIn({ appearances }: Identity, word: string): string {
  const found = appearances.find(({ key, id }) => key === word || id === word);
  if (found === undefined) throw new FailureError('not-found', `There is no appearance ${word}.`);
  return found.key;
}

function keyOf({ appearances: [first] }: Identity): string {
  if (first === undefined) throw new RangeError('an identity without appearances');
  return first.key;
}

function several({ positionals }: Invocation): readonly string[] {
  if (positionals.length >= 2) return positionals;
  throw new FailureError('invalid-input', 'Name at least two.');
}

function needed(invocation: Invocation, option: string): string {
  const text = textOf(invocation, option)?.trim() ?? '';
  if (text !== '') return text;
  throw new FailureError('invalid-input', `Give --${option}.`);
}

function oneOf<T extends string>(text: string, known: readonly T[], option: string): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw new FailureError('invalid-input', `--${option} is one of ${known.join(', ')}, not “${text}”.`);
}

function untilOf(invocation: Invocation): string | null {
  const text = textOf(invocation, 'until');
  if (text === undefined) return null;
  const instant = parseInstant(text) ?? parseInstant(`${text}T00:00:00Z`);
  if (instant !== null) return formatInstant(instant);
  throw new FailureError(
    'invalid-input',
    `--until “${text}” is no time. Write 2026-05-01 or 2026-05-01T10:00:00Z.`,
  );
}

async function printLines({ terminal }: Invocation, rows: readonly unknown[]): Promise<ExitCode> {
  for (const row of rows) {
    const written = terminal.write(`${JSON.stringify(row)}\n`);
    if (written !== undefined) await written;
  }
  return exitCodes.done;
}
