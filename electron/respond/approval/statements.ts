import { z } from 'zod';
import {
  type Approval,
  type StandingOrder,
  type Statement,
  approvalPredicate,
  orderPredicate,
  rosterPredicate,
} from '#shared/respond/approval.ts';
import { reversibilities } from '#shared/domain/response.ts';
import type { Envelope } from '#shared/respond/plan.ts';
import { statementOf } from './dsse.ts';

/**
 * What signed statements must look like. A signature by a known key says who signed, not that the content can be
 * read: a statement of another shape is none. Members that are not known here are left out (in-toto Statement v1).
 */
const name = z.string().min(1).max(1_000);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const nonce = z.string().regex(/^[0-9a-f]{32}$/);

const approval: z.ZodType<Approval> = z.object({
  decision: z.enum(['approve', 'reject']),
  person: name,
  incident: z.string().nullable(),
  tenantIds: z.array(z.string()),
  targetIds: z.array(z.string()),
  actionCount: z.int().min(0),
  reversibilityMax: z.enum(reversibilities),
  snapshotDigest: digest,
  playbookDigest: digest,
  rosterVersion: z.int(),
  notBefore: z.string(),
  notAfter: z.string(),
  nonce,
  reason: z.string().nullable(),
});

const order: z.ZodType<StandingOrder> = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  playbook: name,
  playbookDigest: digest,
  providers: z.array(name),
  mostTargets: z.int().min(0),
  operatorRoles: z.array(name),
  rosterVersion: z.int(),
  notBefore: z.string(),
  notAfter: z.string(),
  nonce,
});

const next = z.object({ version: z.int() });

/** The decision in an envelope; null where it holds none. */
export function approvalOf(envelope: Envelope): Statement<Approval> | null {
  return read(envelope, approvalPredicate, approval);
}

/** The standing order in an envelope; null where it holds none. */
export function orderOf(envelope: Envelope): Statement<StandingOrder> | null {
  return read(envelope, orderPredicate, order);
}

/** The signature of somebody for the next roster; null where the envelope holds none. */
export function rosterStatementOf(envelope: Envelope): Statement<{ readonly version: number }> | null {
  return read(envelope, rosterPredicate, next);
}

function read<P>(envelope: Envelope, predicateType: string, predicate: z.ZodType<P>): Statement<P> | null {
  const shape = z.object({
    _type: z.literal('https://in-toto.io/Statement/v1'),
    subject: z.tuple([z.object({ name, digest: z.object({ sha256: digest }) })]),
    predicateType: z.literal(predicateType),
    predicate,
  });
  const parsed = shape.safeParse(statementOf(envelope));
  return parsed.success ? parsed.data : null;
}
