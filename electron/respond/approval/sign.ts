import { type KeyObject, randomBytes } from 'node:crypto';
import { reversibilities } from '#shared/domain/response.ts';
import {
  type Approval,
  type Roster,
  type StandingOrder,
  type Statement,
  actedOn,
  approvalPredicate,
  liveSeconds,
  orderPredicate,
  rosterPredicate,
  standingSeconds,
} from '#shared/respond/approval.ts';
import type { Envelope, PlanDocument } from '#shared/respond/plan.ts';
import { type Playbook } from '#shared/respond/playbook.ts';
import { FailureError } from '#shared/util/result.ts';
import { digestOf } from '../canonical.ts';
import { publicKeyOf, signStatement } from './dsse.ts';
import { personOf } from './roster-store.ts';

interface ApprovalRequest {
  readonly document: PlanDocument;
  readonly roster: Roster;
  readonly key: KeyObject;
  readonly decision: Approval['decision'];
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Signs a decision about a plan, bound to its hash, its targets and the state they were in. */
export function approve({ document, roster, key, decision, reason, now }: ApprovalRequest): Envelope {
  const { plan, hash } = document;
  const person = personOf(roster, publicKeyOf(key));
  if (person === null) throw new FailureError('refused', 'Nobody in the roster has this key.');
  const classes = plan.actions.map(({ spec }) => reversibilities.indexOf(spec.reversibility ?? 'R0'));
  const approval: Approval = {
    decision,
    person: person.id,
    incident: plan.incident,
    tenantIds: plan.providers.map(({ tenant }) => tenant).toSorted(),
    targetIds: actedOn(plan),
    actionCount: plan.actions.length,
    reversibilityMax: reversibilities[Math.max(0, ...classes)] ?? 'R0',
    snapshotDigest: plan.snapshotDigest,
    playbookDigest: plan.playbook.digest,
    rosterVersion: roster.version,
    notBefore: new Date(now).toISOString(),
    notAfter: new Date(now + liveSeconds * 1_000).toISOString(),
    nonce: randomBytes(16).toString('hex'),
    reason,
  };
  return signStatement(statement(plan.id, hash, approvalPredicate, approval), key);
}

/** A standing order to be signed by as many as the roster asks for its playbook. */
export function standingOrder(
  request: Pick<StandingOrder, 'providers' | 'mostTargets' | 'operatorRoles'> & {
    readonly playbook: Playbook;
    readonly roster: Roster;
    readonly days: number;
    readonly key: KeyObject;
    readonly now: number;
  },
): Envelope {
  const { playbook, providers, mostTargets, operatorRoles, roster, days, key, now } = request;
  if (personOf(roster, publicKeyOf(key)) === null) {
    throw new FailureError('refused', 'Nobody in the roster has this key.');
  }
  const order: StandingOrder = {
    id: `order-${randomBytes(6).toString('hex')}`,
    playbook: playbook.name,
    playbookDigest: digestOf(playbook),
    providers,
    mostTargets,
    operatorRoles,
    rosterVersion: roster.version,
    notBefore: new Date(now).toISOString(),
    notAfter: new Date(now + Math.min(days * 86_400, standingSeconds) * 1_000).toISOString(),
    nonce: randomBytes(16).toString('hex'),
  };
  return signStatement(statement(order.id, digestOf(order), orderPredicate, order), key);
}

/** A person of the present roster signs the next one. */
export function signRoster(next: Roster, key: KeyObject): Envelope {
  const predicate = { version: next.version };
  return signStatement(statement(`roster-${next.version}`, digestOf(next), rosterPredicate, predicate), key);
}

export function statement<P>(
  name: string,
  sha256: string,
  predicateType: string,
  predicate: P,
): Statement<P> {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256 } }],
    predicateType,
    predicate,
  };
}
