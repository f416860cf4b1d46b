import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { folderMode } from '#electron/platform/case-folder.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { envelopeSchema } from '../approval/roster-store.ts';
import { digestOf } from '../canonical.ts';
import { writeDurably } from '../files.ts';

const largestPlan = 512 * 1024 * 1024;
/** The outside of a plan's file; the plan itself is bound by its hash. */
const document = z.strictObject({
  plan: z.looseObject({
    format: z.literal('rescind-plan'),
    version: z.literal(1),
    kind: z.enum(['revoke', 'restore']),
    id: z.string().regex(/^plan-[0-9a-f]{16}$/),
    journal: z.string(),
    references: z.array(z.looseObject({ id: z.string(), group: z.string() })),
    providers: z.array(z.looseObject({ name: z.string(), tenant: z.string() })),
    targets: z.array(z.looseObject({ key: z.string(), id: z.string(), provider: z.string() })),
    actions: z.array(
      z.looseObject({
        id: z.string(),
        target: z.string(),
        spec: z.looseObject({ id: z.string() }),
        snapshot: z.looseObject({ state: z.looseObject({}) }),
        after: z.array(z.string()),
      }),
    ),
  }),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  approvals: z.array(envelopeSchema).max(1_000),
});

/** Reads a plan's file. Throws kind `refused` where its content does not have the hash that it names. */
export function readPlan(path: string): PlanDocument {
  const value = jsonOf(path);
  const parsed = document.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new FailureError(
      'unusable',
      `${path} is no plan (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`,
    );
  }
  const read = value as PlanDocument;
  if (digestOf(read.plan) === read.hash) return read;
  throw new FailureError('refused', `${path} was altered: its content does not have the hash that it names.`);
}

export function writePlan(path: string, plan: PlanDocument): void {
  mkdirSync(dirname(resolve(path)), { recursive: true, mode: folderMode });
  writeDurably(resolve(path), `${JSON.stringify(plan, null, 1)}\n`);
}

/** A new plan takes the place of one that nobody has signed, and of no other file. Throws kind `invalid-input`. */
export function refuseToReplace(path: string): void {
  if (!existsSync(path)) return;
  const parsed = document.safeParse(plainJson(path));
  if (parsed.success && parsed.data.approvals.length === 0) return;
  const what = parsed.success
    ? 'is there already, with signed decisions'
    : 'is there already, and is no plan';
  throw new FailureError('invalid-input', `${path} ${what}: name another file.`);
}

function plainJson(path: string): unknown {
  try {
    return jsonOf(path);
  } catch {
    return null;
  }
}

/** Where a case keeps its plans. */
export function planFile(caseFolder: string, id: string): string {
  return join(caseFolder, 'plans', `${id}.json`);
}

/** Plans that a case keeps, newest first; what is no plan is left out. */
export function plansIn(caseFolder: string): PlanDocument[] {
  let names: string[];
  try {
    names = readdirSync(join(caseFolder, 'plans'));
  } catch {
    return [];
  }
  return names
    .filter((name) => /^plan-[0-9a-f]{16}\.json$/.test(name))
    .flatMap((name) => {
      try {
        return [readPlan(join(caseFolder, 'plans', name))];
      } catch {
        return [];
      }
    })
    .toSorted((first, second) => (first.plan.created < second.plan.created ? 1 : -1));
}

function jsonOf(path: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new FailureError('not-found', `There is no plan ${path}.`);
  }
  if (bytes.length > largestPlan) throw new FailureError('unusable', `${path} is too large for a plan.`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new FailureError('unusable', `${path} is not JSON.`);
  }
}
