import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { folderMode } from '#electron/platform/case-folder.ts';
import { reversibilities } from '#shared/domain/response.ts';
import { type Person, type Roster, rosterProblem } from '#shared/respond/approval.ts';
import type { Envelope } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { digestOf } from '../canonical.ts';
import { writeDurably } from '../files.ts';
import { signersOf } from './dsse.ts';
import { rosterStatementOf } from './statements.ts';

const name = z.string().min(1).max(200);
const rosterSchema: z.ZodType<Roster> = z.strictObject({
  format: z.literal('rescind-roster'),
  version: z.int().min(1),
  quorum: z.int().min(1),
  people: z
    .array(
      z.strictObject({
        id: name,
        name,
        roles: z.array(name).default([]),
        keys: z
          .array(z.base64().refine((key) => Buffer.from(key, 'base64').length === 32, 'no Ed25519 key'))
          .min(1),
        identities: z.array(name).default([]),
        users: z.array(name).default([]),
      }),
    )
    .min(1),
  rules: z
    .array(
      z.strictObject({
        playbook: name.nullable().default(null),
        reversibilities: z.array(z.enum(reversibilities)).min(1),
        needed: z.int().min(1),
        roles: z.array(name).default([]),
        selfApproval: z.boolean().default(false),
      }),
    )
    .default([]),
  clockSkewSeconds: z.int().min(0).max(600).default(60),
});
export const envelopeSchema: z.ZodType<Envelope> = z.strictObject({
  payloadType: z.string().max(200),
  payload: z.base64().max(40_000_000),
  signatures: z
    .array(z.strictObject({ keyid: z.string().max(200), sig: z.string().max(400) }))
    .min(1)
    .max(50),
});
/** A roster's file: the roster, and the signatures of the people of the one before it. */
const rosterFile = z.strictObject({ roster: rosterSchema, signatures: z.array(envelopeSchema).default([]) });
export type RosterFile = z.infer<typeof rosterFile>;
/** What is pinned: the roster, and those before it from the first one on, so that each can be seen to follow. */
const pinnedFile = rosterFile.extend({ history: z.array(rosterFile).default([]) });

/**
 * The roster that this workstation believes. The first one is pinned as it is; every later one must be signed by the
 * quorum of the one before, so that nobody becomes an approver by editing a file.
 */
export class RosterStore {
  readonly #file: string;

  constructor(configFolder: string) {
    const folder = join(configFolder, 'respond');
    mkdirSync(folder, { recursive: true, mode: folderMode });
    this.#file = join(folder, 'roster.json');
  }

  /** Null where none is pinned. Throws kind `refused` where one of them was not signed by the one before it. */
  get(): Roster | null {
    return this.chain()?.at(-1) ?? null;
  }

  /** The rosters that were ever pinned, the one that holds last; null where none is. */
  chain(): readonly Roster[] | null {
    const files = this.#files();
    if (files === null) return null;
    for (const [index, file] of files.entries()) {
      const before = files[index - 1]?.roster;
      const problem = before === undefined ? null : successionProblem(before, file);
      if (problem === null) continue;
      throw new FailureError(
        'refused',
        `The pinned roster ${this.#file} was exchanged: ${problem} Restore it from a copy.`,
      );
    }
    return files.map(({ roster }) => roster);
  }

  /** Pins a roster. Throws kind `refused` where the one before has not signed it. */
  pin(file: RosterFile): Roster {
    const before = this.get();
    const problem = before === null ? null : successionProblem(before, file);
    if (problem !== null) throw new FailureError('refused', problem);
    const pinned = { ...file, history: this.#files() ?? [] };
    writeDurably(this.#file, `${JSON.stringify(pinned, null, 1)}\n`);
    return file.roster;
  }

  #files(): RosterFile[] | null {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw thrown;
    }
    const { history, ...last } = parseFile(text, this.#file, pinnedFile);
    return [...history, last];
  }
}

/** Why a roster may not follow another one; null where it may. */
function successionProblem(before: Roster, { roster, signatures }: RosterFile): string | null {
  if (roster.version <= before.version) {
    return `Roster ${before.version} is pinned; this one is ${roster.version}.`;
  }
  const signed = peopleWhoSigned(signatures, before.people, digestOf(roster));
  if (signed.length >= before.quorum) return null;
  return `Of roster ${before.version}, ${before.quorum} people must sign the next one; ${signed.length} have.`;
}

/** Reads a roster's file: with its signatures, or a bare roster. Throws kind `unusable` with what is wrong. */
export function parseRosterFile(text: string, path: string): RosterFile {
  return parseFile(text, path, rosterFile);
}

function parseFile<T extends RosterFile>(text: string, path: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FailureError('unusable', `${path} is not JSON.`);
  }
  const isBare = (value as { format?: unknown } | null)?.format === 'rescind-roster';
  const parsed = schema.safeParse(isBare ? { roster: value } : value);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 3)
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new FailureError('unusable', `${path} is no roster. ${issues.join('; ')}`);
  }
  const problem = rosterProblem(parsed.data.roster);
  if (problem === null) return parsed.data;
  throw new FailureError('unusable', `The roster ${path} cannot be used: ${problem}.`);
}

function peopleWhoSigned(
  signatures: readonly Envelope[],
  people: readonly Person[],
  digest: string,
): string[] {
  const signed = new Set<string>();
  for (const envelope of signatures) {
    const statement = rosterStatementOf(envelope);
    if (statement?.subject[0]?.digest.sha256 !== digest) continue;
    for (const { id, keys } of people) {
      if (signersOf(envelope, keys).length > 0) signed.add(id);
    }
  }
  return [...signed];
}

/** The person of a public key; null where nobody has it. */
export function personOf(roster: Roster, publicKey: string): Person | null {
  return roster.people.find(({ keys }) => keys.includes(publicKey)) ?? null;
}
