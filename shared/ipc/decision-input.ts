import { z } from 'zod';
import { standings } from '../domain/decision.ts';
import { identityKinds } from '../domain/directory.ts';

const key = z.string().min(1).max(10_000);
const keys = z.array(key).min(1).max(1_000);
const why = z.string().trim().min(1).max(2_000);
const names = z.array(z.string().trim().min(1).max(200)).max(50).default([]);

/** One row of the matrix of owners. */
export const ownershipRow = z.strictObject({
  about: z.enum(['policy', 'identity']),
  pattern: z.string().trim().min(1).max(1_000),
  writes: names,
  approves: names,
  monitors: names,
  answers: names,
});

/** What an analyst decides, and why: the reason goes into the journal. */
export const decisionInput = z.strictObject({
  why,
  data: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('merge'), appearances: keys }),
    z.strictObject({ kind: z.literal('split'), appearances: keys }),
    z.strictObject({ kind: z.literal('distinct'), appearances: keys }),
    z.strictObject({ kind: z.literal('rename'), appearance: key, name: z.string().trim().min(1).max(200) }),
    z.strictObject({
      kind: z.literal('owner'),
      appearance: key,
      owner: z.string().trim().min(1).max(200).nullable(),
    }),
    z.strictObject({ kind: z.literal('kind'), appearance: key, as: z.enum(identityKinds).nullable() }),
    z.strictObject({
      kind: z.literal('standing'),
      appearance: key,
      as: z.enum(standings),
      until: z.string().max(40).nullable().default(null),
    }),
    z.strictObject({
      kind: z.literal('ownership'),
      rows: z.array(ownershipRow).max(10_000),
      replace: z.boolean().default(false),
    }),
    z.strictObject({ kind: z.literal('undo'), number: z.int().min(1) }),
  ]),
});
