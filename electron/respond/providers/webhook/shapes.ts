import { z } from 'zod';
import { artefacts, reversibilities, verbs } from '#shared/domain/response.ts';

/** What a receiver answers; `resources/webhook.md` tells its author. */

const text = z.string().max(2_000);
const name = z.string().min(1).max(500);
const attributes = z
  .record(z.string().max(100), z.union([text, z.number(), z.boolean(), z.null()]))
  .default({});

const action = z.object({
  id: z.string().regex(/^[a-z][\w.-]{0,60}$/),
  title: name,
  verb: z.enum(verbs),
  reversibility: z.enum(reversibilities),
  stops: z.array(z.enum(artefacts)),
  doesNotStop: z
    .array(
      z.object({
        artefact: z.enum(artefacts),
        residualSeconds: z.number().int().min(0).nullable(),
        note: text,
      }),
    )
    .default([]),
  canUndo: z.boolean(),
  undoNote: text.default(''),
  settleSeconds: z.number().min(0).max(3_600).default(0),
});
export type DeclaredAction = z.output<typeof action>;

export const identified = z.object({
  tenant: name,
  tenantName: name,
  operator: z.array(name).default([]),
  operatorName: name,
  /** By the kind of target that they are for. */
  actions: z.record(z.string(), z.array(action)),
});
export type Identified = z.output<typeof identified>;

export const target = z.object({
  kind: z.string().regex(/^[a-z][a-z-]{0,40}$/),
  id: name,
  name,
  parent: name.nullable().default(null),
  createdAt: z.iso.datetime({ offset: true }).nullable().default(null),
  managedBy: name.nullable().default(null),
  attributes,
});

export const listed = z.object({ targets: z.array(target).max(5_000) });

export const looked = z.object({
  /** Whether the state that the action wants is there already. */
  inState: z.boolean(),
  /** What `undo` will need; no times of reading in it. */
  state: z.record(z.string(), z.json()).default({}),
});

export const performed = z.object({
  outcome: z.enum([
    'applied',
    'already_in_state',
    'target_absent',
    'precondition_failed',
    'unsupported',
    'ambiguous',
  ]),
  detail: text,
});

export const observed = z.object({
  state: z.enum(['in_effect', 'not_in_effect', 'target_absent', 'unknown']),
  detail: text,
});
