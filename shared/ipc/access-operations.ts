import { z } from 'zod';
import type { AccessPath } from '../domain/access-path.ts';
import type { BehaviourChange } from '../domain/behaviour.ts';
import type { DriftStep, PermissionChange } from '../domain/drift.ts';
import type { Entitlement } from '../domain/entitlement.ts';
import type { PolicyProposal } from '../domain/proposal.ts';
import type { ReachReport } from '../domain/reach.ts';
import { operation } from './operation.ts';

const instant = z.string().max(40).nullable().default(null);
const subject = z.string().max(2_000).nullable().default(null);
const bundle = z.string().max(64).nullable().default(null);
const page = {
  offset: z
    .int()
    .min(0)
    .max(2 ** 40)
    .default(0),
  limit: z.int().min(1).max(1_000_000).default(1_000),
};
/** SECURITY: in operations of the command line alone; the page has no paths. */
const bundlePath = z.strictObject({
  path: z.string().min(1).max(4_096),
  system: z.string().max(64).nullable().default(null),
});

/** What policies give, what that leads to, and how far it reaches. Without a bundle those in force at `asOf`. */
export const accessOperations = {
  /** Effective permissions, each with every way in which it is held. */
  'entitlements.list': operation<{
    bundles: readonly string[];
    total: number;
    rows: readonly Entitlement[];
  }>()('read', z.strictObject({ subject, bundle, asOf: instant, ...page })),
  /** Ways to rights and credentials that were not given. */
  'paths.list': operation<{ bundles: readonly string[]; total: number; rows: readonly AccessPath[] }>()(
    'read',
    z.strictObject({ subject, bundle, asOf: instant, ...page }),
  ),
  /** What one identity could reach, beside what it did reach. */
  'reach.get': operation<ReachReport>()(
    'read',
    z.strictObject({ subject: z.string().min(1).max(2_000), bundle, asOf: instant }),
  ),
  /** The smallest policy that covers the use that was seen of one identity, with what it would have refused. */
  'usage.propose': operation<PolicyProposal>()(
    'read',
    z.strictObject({
      subject: z.string().min(1).max(2_000),
      bundle,
      asOf: instant,
      margin: z
        .strictObject({
          resources: z.enum(['exact', 'siblings', 'granted']).default('siblings'),
          reads: z.boolean().default(false),
          unseen: z.boolean().default(true),
        })
        .default({ resources: 'siblings', reads: false, unseen: true }),
    }),
  ),
  /** From each bundle of a system to the next one: the changes over time. */
  'drift.series': operation<{ steps: readonly DriftStep[] }>()(
    'read',
    z.strictObject({
      system: z.string().max(64).nullable().default(null),
      /** Only changes of these; empty for all. */
      subjects: z.array(z.string().max(2_000)).max(100).default([]),
    }),
  ),
  /** What differs from a declared baseline: policies as code that lie in files. */
  'drift.baseline': operation<{ changes: readonly PermissionChange[] }>()(
    'read',
    z.strictObject({ path: z.string().min(1).max(4_096), to: z.string().max(64) }),
    { audience: 'command-line' },
  ),
  /** Days on which identities left what they and their peers had done before. */
  'behaviour.list': operation<{
    asOf: string | null;
    total: number;
    rows: readonly BehaviourChange[];
    /** What the judgement rests on. */
    logs: readonly { format: string; days: number; daysWithEvents: number }[];
  }>()('read', z.strictObject({ subject, asOf: instant, ...page })),
  /** The same of a bundle that lies in files; items are JSON Lines. */
  'policy.list': operation<{ answers: number }, string>()(
    'read',
    z.strictObject({ bundle: bundlePath, what: z.enum(['entitlements', 'paths']), subject, at: instant }),
    { streaming: true, audience: 'command-line' },
  ),
} as const;
