import { type Reversibility, reversibilities } from '../domain/response.ts';
import type { Plan } from './plan.ts';

/** Who may approve. The people of a team with their keys, and how many of them what needs. */
export interface Roster {
  readonly format: 'rescind-roster';
  readonly version: number;
  /** Signatures of this roster's people that the next one needs. */
  readonly quorum: number;
  readonly people: readonly Person[];
  readonly rules: readonly Rule[];
  /** Seconds by which clocks of approvers may differ from this one. */
  readonly clockSkewSeconds: number;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Ed25519 public keys, base64 of 32 bytes. */
  readonly keys: readonly string[];
  /** Their own identities: whoever is a target does not approve. */
  readonly identities: readonly string[];
  /** Their user names on workstations: who proposes alone does not approve alone. */
  readonly users: readonly string[];
}

/** The first rule that fits an action counts. */
export interface Rule {
  readonly playbook: string | null;
  readonly reversibilities: readonly Reversibility[];
  readonly needed: number;
  /** Roles of which an approver has one; empty for any. */
  readonly roles: readonly string[];
  /** Whether the one who built the plan may be the only approver. */
  readonly selfApproval: boolean;
}

export interface Requirement {
  readonly needed: number;
  readonly roles: readonly string[];
  readonly selfApproval: boolean;
  readonly reversibilityMax: Reversibility;
}

/** Where no rule fits: two people, three for what hits everyone. */
const defaultNeeded: Readonly<Record<Reversibility, number>> = { R0: 2, R1: 2, R2: 2, R3: 2, R4: 3 };

/** What a plan needs: the most that any of its actions needs, by people whom all of the rules accept. */
export function requirementOf(plan: Pick<Plan, 'actions' | 'playbook'>, roster: Roster): Requirement {
  let needed = 1;
  let selfApproval = true;
  let roles: readonly string[] | null = null;
  let highest = 0;
  for (const { spec } of plan.actions) {
    const reversibility = spec.reversibility ?? 'R0';
    highest = Math.max(highest, reversibilities.indexOf(reversibility));
    const rule = roster.rules.find(
      (candidate) =>
        candidate.reversibilities.includes(reversibility) &&
        (candidate.playbook === null || candidate.playbook === plan.playbook.name),
    );
    needed = Math.max(needed, rule?.needed ?? defaultNeeded[reversibility]);
    selfApproval &&= rule?.selfApproval ?? false;
    if (rule !== undefined && rule.roles.length > 0) {
      const own: readonly string[] = rule.roles;
      roles = roles === null ? own : roles.filter((role) => own.includes(role));
    }
  }
  return { needed, roles: roles ?? [], selfApproval, reversibilityMax: reversibilities[highest] ?? 'R0' };
}

export const approvalPayloadType = 'application/vnd.in-toto+json';
export const approvalPredicate = 'urn:rescind:approval:1';
export const orderPredicate = 'urn:rescind:standing-order:1';
export const rosterPredicate = 'urn:rescind:roster:1';

/** An in-toto Statement v1. */
export interface Statement<Predicate> {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: Predicate;
}

/** What an approver signs. Times are RFC 3339. */
export interface Approval {
  readonly decision: 'approve' | 'reject';
  readonly person: string;
  readonly incident: string | null;
  readonly tenantIds: readonly string[];
  /** Keys of every target that is acted on: provider, kind, immutable id. */
  readonly targetIds: readonly string[];
  readonly actionCount: number;
  readonly reversibilityMax: Reversibility;
  readonly snapshotDigest: string;
  readonly playbookDigest: string;
  readonly rosterVersion: number;
  readonly notBefore: string;
  readonly notAfter: string;
  /** 16 random bytes, hex: single-use. */
  readonly nonce: string;
  readonly reason: string | null;
}

/** What people sign in peacetime: within it, one operator's signature is enough. */
export interface StandingOrder {
  readonly id: string;
  readonly playbook: string;
  readonly playbookDigest: string;
  readonly providers: readonly string[];
  readonly mostTargets: number;
  /** Roles of which the operator has one. */
  readonly operatorRoles: readonly string[];
  readonly rosterVersion: number;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly nonce: string;
}

/** One person acts alone: journaled, and flagged until others sign for it. */
export interface Emergency {
  readonly person: string;
  readonly reason: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly nonce: string;
}

/** Longest validity. */
export const liveSeconds = 15 * 60;
export const standingSeconds = 90 * 24 * 3600;

/** The keys of the targets that a plan acts on, sorted: what an approval is bound to. */
export function actedOn(plan: Pick<Plan, 'actions'>): string[] {
  return [...new Set(plan.actions.map(({ target }) => target))].toSorted();
}

/** Why a standing order does not cover a plan; null where it does. */
export function outsideOrder(order: StandingOrder, plan: Plan): string | null {
  if (plan.kind !== 'revoke') return 'a restore always needs its own approvals';
  if (order.playbookDigest !== plan.playbook.digest) return `it is for the playbook “${order.playbook}”`;
  const stranger = plan.providers.find(({ name }) => !order.providers.includes(name));
  if (stranger !== undefined) return `it does not name the provider ${stranger.name}`;
  const targets = actedOn(plan).length;
  if (targets > order.mostTargets)
    return `it is for ${order.mostTargets} targets, and the plan has ${targets}`;
  const hard = plan.actions.find(({ spec }) => !isMild(spec.reversibility));
  if (hard !== undefined)
    return `“${hard.spec.title}” (${hard.spec.reversibility ?? ''}) needs live approvals`;
  return null;
}

/** What one person may ever do alone: what flips back, or heals by itself. */
export function isMild(reversibility: Reversibility | null): boolean {
  return reversibility === null || reversibility === 'R0' || reversibility === 'R2';
}

/** Why a roster cannot be used; null where it can. */
export function rosterProblem(roster: Roster): string | null {
  const keys = roster.people.flatMap(({ keys: own }) => own);
  if (new Set(keys).size !== keys.length) return 'one key belongs to two people';
  const ids = roster.people.map(({ id }) => id.toLowerCase());
  if (new Set(ids).size !== ids.length) return 'one person is listed twice';
  for (const kind of ['users', 'identities'] as const) {
    const own = roster.people.flatMap((person) => [
      ...new Set(person[kind].map((name) => name.toLowerCase())),
    ]);
    const shared = own.find((name, index) => own.indexOf(name) !== index);
    if (shared !== undefined) return `“${shared}” belongs to two people`;
  }
  if (roster.quorum > ids.length) return `its quorum is ${roster.quorum}, but it has ${ids.length} people`;
  for (const { needed, reversibilities: classes, roles } of roster.rules) {
    if (needed < 2 && classes.some((each) => each === 'R3' || each === 'R4')) {
      return 'R3 and R4 always need two people or more';
    }
    const able = roster.people.filter((person) => hasRole(person, roles));
    if (able.length < needed) return `a rule needs ${needed} people, and only ${able.length} have its roles`;
  }
  return null;
}

export function hasRole(person: Person, roles: readonly string[]): boolean {
  return roles.length === 0 || roles.some((role) => person.roles.includes(role));
}
