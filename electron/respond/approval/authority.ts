import {
  type Approval,
  type Emergency,
  type Person,
  type Requirement,
  type Roster,
  actedOn,
  hasRole,
  isMild,
  liveSeconds,
  outsideOrder,
  requirementOf,
  standingSeconds,
} from '#shared/respond/approval.ts';
import type { Envelope, Plan, PlanDocument } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { digestOf } from '../canonical.ts';
import { signersOf } from './dsse.ts';
import type { SignedOrder } from './order-store.ts';
import { approvalOf } from './statements.ts';

/** By what right a run acts. */
export interface Authority {
  readonly kind: 'approvals' | 'standing-order' | 'emergency';
  readonly people: readonly string[];
  /** Single-use words that the run takes with it. */
  readonly nonces: readonly string[];
  /** Nothing new is dispatched after (epoch milliseconds). */
  readonly until: number;
  readonly requirement: Requirement | null;
  readonly order: SignedOrder | null;
  readonly reason: string | null;
  /** The roster that was believed; null where none is pinned. */
  readonly roster: Roster | null;
}

export interface AuthorityInput {
  readonly document: PlanDocument;
  readonly roster: Roster | null;
  readonly orders: readonly SignedOrder[];
  readonly now: number;
  readonly isUsed: (nonce: string) => boolean;
  /** Break-glass: one person, with a reason. */
  readonly emergency: Emergency | null;
}

/** A run may dispatch for so long after it began, so that a resume needs no second round of signatures at once. */
const runSeconds = 3_600;

/** One signed decision, checked. */
export interface CheckedApproval {
  readonly person: string | null;
  readonly decision: Approval['decision'] | null;
  readonly nonce: string | null;
  /** Why it does not count; null where it does. */
  readonly objection: string | null;
}

/** Finds by what right a plan may be executed now. Throws kind `refused` with everything that stands against it. */
export function authorize(input: AuthorityInput): Authority {
  const { document, roster, now, emergency } = input;
  const { plan, hash } = document;
  if (digestOf(plan) !== hash)
    throw refused('The plan was altered: its content does not have the hash it names.');
  refuseEmpty(plan);
  if (emergency !== null) return emergencyAuthority(plan, emergency, roster, now);
  if (roster === null) {
    const alone = plan.kind === 'restore' ? '' : ', or act alone with --emergency --reason TEXT';
    throw refused(
      `Nobody can approve: no roster is pinned. Make one with “rescind respond roster new” and pin it${alone}.`,
    );
  }
  const requirement = requirementOf(plan, roster);
  const checked = document.approvals.map((envelope) => checkApproval(envelope, input, roster));
  const veto = checked.find(({ decision, objection }) => decision === 'reject' && objection === null);
  if (veto !== undefined && !isMild(requirement.reversibilityMax)) {
    throw refused(`${veto.person ?? ''} has rejected this plan: propose another one.`);
  }
  // Whoever has said no does not count among those who say yes, in whatever order.
  const against = new Set(
    checked.flatMap(({ person, decision, objection }) =>
      decision === 'reject' && objection === null ? [person] : [],
    ),
  );
  const counted = new Map<string, string>();
  for (const { person, decision, nonce, objection } of checked) {
    if (objection !== null || decision !== 'approve' || person === null || nonce === null) continue;
    if (against.has(person)) continue;
    const known = roster.people.find(({ id }) => id === person);
    if (known !== undefined && hasRole(known, requirement.roles) && !counted.has(person))
      counted.set(person, nonce);
  }
  const people = [...counted.keys()];
  const isAlone = people.length === 1 && isProposer(roster, people[0] ?? '', plan.proposer);
  if (people.length >= requirement.needed && !(isAlone && !requirement.selfApproval)) {
    return {
      kind: 'approvals',
      people,
      nonces: [...counted.values()],
      until: now + runSeconds * 1_000,
      requirement,
      order: null,
      reason: null,
      roster,
    };
  }
  return orderAuthority(input, roster, checked, requirement, {
    people,
    isAlone: isAlone && people.length >= requirement.needed,
  });
}

function refuseEmpty({ actions }: Plan): void {
  if (actions.length === 0) throw refused('The plan has no action: there is nothing to execute.');
}

/** Throws kind `refused` where a plan is none that one person may execute alone, whoever it is. */
export function refuseAlone(plan: Plan): void {
  refuseEmpty(plan);
  if (plan.kind === 'restore') throw refused('A restore is never an emergency: it needs its approvals.');
  const hard = plan.actions.find(({ spec }) => !isMild(spec.reversibility));
  if (hard !== undefined) {
    throw refused(
      `“${hard.spec.title}” (${hard.spec.reversibility ?? ''}) cannot be taken back: one person alone may not do it.`,
    );
  }
}

function emergencyAuthority(plan: Plan, emergency: Emergency, roster: Roster | null, now: number): Authority {
  refuseAlone(plan);
  if (emergency.reason.trim().length < 3) throw refused('An emergency needs a reason: --reason TEXT.');
  return {
    kind: 'emergency',
    people: [emergency.person],
    nonces: [emergency.nonce],
    until: Math.min(Date.parse(emergency.notAfter), now + liveSeconds * 1_000),
    requirement: null,
    order: null,
    reason: emergency.reason,
    roster,
  };
}

/** Where the plan's own approvals do not suffice: an order of peacetime and one operator's signature. */
function orderAuthority(
  { document: { plan, approvals }, orders, now }: AuthorityInput,
  roster: Roster,
  checked: readonly CheckedApproval[],
  requirement: Requirement,
  { people, isAlone }: { readonly people: readonly string[]; readonly isAlone: boolean },
): Authority {
  const objections = [
    ...checked.flatMap(({ person, objection }) =>
      objection === null ? [] : [`${person ?? 'a signature'}: ${objection}`],
    ),
    ...(isAlone ? ['who proposed the plan may not be its only approver'] : []),
  ];
  const operators = checked.filter(({ objection, decision }) => objection === null && decision === 'approve');
  for (const signed of orders) {
    const { order } = signed;
    const objection = orderObjection(signed, plan, roster, now);
    if (objection !== null) {
      objections.push(`standing order ${order.id}: ${objection}`);
      continue;
    }
    const operator = operators.find(({ person }) =>
      roster.people.some((candidate) => candidate.id === person && hasRole(candidate, order.operatorRoles)),
    );
    if (operator?.person === undefined || operator.person === null || operator.nonce === null) continue;
    return {
      kind: 'standing-order',
      people: [operator.person],
      nonces: [operator.nonce],
      until: now + runSeconds * 1_000,
      requirement,
      order: signed,
      reason: null,
      roster,
    };
  }
  const roles = requirement.roles.length === 0 ? '' : ` (${requirement.roles.join(' or ')})`;
  const given = approvals.length === 0 ? 'It has none.' : `It has ${people.length}: ${people.join(', ')}.`;
  const against = objections.length === 0 ? '' : ` Not counted: ${objections.join('; ')}.`;
  const wanted = requirement.needed === 1 ? 'one approval' : `${requirement.needed} approvals`;
  throw refused(`The plan needs ${wanted}${roles}. ${given}${against}`);
}

function orderObjection(signed: SignedOrder, plan: Plan, roster: Roster, now: number): string | null {
  const { order } = signed;
  const { needed, roles } = requirementOf(plan, roster);
  const people = roster.people
    .filter(
      (person) => signed.people.includes(person.id) && hasRole(person, roles) && !isTarget(person, plan),
    )
    .map(({ id }) => id);
  return standingObjection(signed, people, roster, now, needed) ?? outsideOrder(order, plan);
}

/** Why a standing order that these people may sign gives no right now, whatever the plan; null where it may. */
export function standingObjection(
  { order }: SignedOrder,
  people: readonly string[],
  roster: Roster,
  now: number,
  needed = 2,
): string | null {
  if (order.rosterVersion !== roster.version) return 'it was signed under another roster';
  const wanted = Math.max(2, needed);
  if (people.length < wanted) return `it is signed by ${people.length} of ${wanted} who may`;
  const [from, to] = [Date.parse(order.notBefore), Date.parse(order.notAfter)];
  if (!(to - from <= standingSeconds * 1_000)) return 'it is valid for longer than 90 days';
  return from <= now && now <= to ? null : 'it is not valid now';
}

/** Checks one signed decision against the plan as it is now. */
export function checkApproval(
  envelope: Envelope,
  { document, now, isUsed }: Pick<AuthorityInput, 'document' | 'now' | 'isUsed'>,
  roster: Roster,
): CheckedApproval {
  const statement = approvalOf(envelope);
  const none = { person: null, decision: null, nonce: null };
  if (statement === null) return { ...none, objection: 'it is no approval' };
  const { predicate, subject } = statement;
  const signers = roster.people.filter(({ keys }) => signersOf(envelope, keys).length > 0);
  // Others may have signed beside the one who it is of: a signature says nothing in another one's name.
  const signer = signers.find(({ id }) => id === predicate.person) ?? signers[0];
  if (signer === undefined) return { ...none, objection: 'no key of the roster has signed it' };
  // A no holds until another plan is proposed: waiting, or a new roster, does not take it away.
  const isVeto = predicate.decision === 'reject';
  const objection =
    identityObjection(predicate, signer, document.plan) ??
    contentObjection(predicate, subject[0], document) ??
    (isVeto
      ? null
      : ((predicate.rosterVersion === roster.version ? null : 'it was signed under another roster') ??
        timeObjection(predicate, now, roster.clockSkewSeconds) ??
        (isUsed(predicate.nonce) ? 'it was used before' : null)));
  return { person: signer.id, decision: predicate.decision, nonce: predicate.nonce, objection };
}

function identityObjection({ person }: Approval, signer: Person, plan: Plan): string | null {
  if (person !== signer.id) return `it names ${person}, but ${signer.id} has signed it`;
  return isTarget(signer, plan) ? 'who is a target does not approve' : null;
}

/** Whether a plan is about this person. */
function isTarget({ id: person, identities }: Person, plan: Plan): boolean {
  const names = new Set(
    [
      ...plan.targets.flatMap(({ id, name }) => [id, name]),
      ...plan.references.flatMap(({ id, aliases }) => [id, ...aliases]),
    ].map((text) => text.toLowerCase()),
  );
  return [person, ...identities].some((identity) => names.has(identity.toLowerCase()));
}

function contentObjection(
  approval: Approval,
  subject: { readonly name: string; readonly digest: { readonly sha256: string } } | undefined,
  { plan, hash }: PlanDocument,
): string | null {
  if (subject?.name !== plan.id || subject.digest.sha256 !== hash) return 'it is for another plan';
  if (approval.snapshotDigest !== plan.snapshotDigest) return 'it is for another state of the targets';
  if (approval.playbookDigest !== plan.playbook.digest) return 'it is for another playbook';
  if (approval.targetIds.join('\n') !== actedOn(plan).join('\n')) return 'it is for other targets';
  return approval.actionCount === plan.actions.length ? null : 'it is for another number of actions';
}

function timeObjection({ notBefore, notAfter }: Approval, now: number, skewSeconds: number): string | null {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  const skew = skewSeconds * 1_000;
  if (Number.isNaN(from) || Number.isNaN(to)) return 'it has no time';
  if (to - from > liveSeconds * 1_000) return 'it is valid for longer than 15 minutes';
  if (from - now > skew) {
    return `it was signed ${Math.round((from - now) / 1_000)} s in the future: the clocks differ too much`;
  }
  return now - to > skew ? 'it has expired' : null;
}

function isProposer(roster: Roster, person: string, proposer: string): boolean {
  const known = roster.people.find(({ id }) => id === person);
  return person === proposer || known?.users.includes(proposer) === true;
}

function refused(message: string): FailureError {
  return new FailureError('refused', message);
}
