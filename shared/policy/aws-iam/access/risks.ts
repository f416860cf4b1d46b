import type { Entitlement, EntitlementRisk } from '../../../domain/entitlement.ts';
import type { ConditionNode } from '../../../domain/trace.ts';
import { Glob, wildcardPieces } from '../match/glob.ts';
import { Element, foldAction, headOf, relate, type Side } from './area.ts';
import { credentialActions, type Escalation, escalations } from './techniques.ts';

/** An effective permission on its way to an entitlement. */
export interface Held {
  readonly entitlement: Entitlement;
  readonly action: Side;
  readonly resource: Side;
  /** Account of the resource whose policy gives it; null where an identity policy does. */
  readonly resourceAccount: string | null;
}

/** The risks of each permission of one subject: some need several permissions together. */
export function risksOf(
  held: readonly Held[],
  subject: Entitlement['subject'],
): Map<Held, EntitlementRisk[]> {
  const effective = held.filter(({ entitlement }) => entitlement.conditionality !== 'never-effective');
  const risky = new Map<Held, EntitlementRisk[]>();
  const add = (one: Held, risk: EntitlementRisk): void => {
    const risks = risky.get(one) ?? [];
    if (!risks.includes(risk)) risks.push(risk);
    risky.set(one, risks);
  };
  const index = new Index(effective);
  for (const escalation of escalations) {
    for (const one of holdersOf(escalation, index, subject.id)) add(one, 'privilege-escalation');
  }
  for (const action of credentialActions) {
    for (const one of index.holding(action)) add(one, 'credential-access');
  }
  for (const one of effective) {
    if (isWildcard(one)) add(one, 'wildcard');
    if (one.resourceAccount === null) continue;
    if (subject.id === '*' && !isNarrowed(one.entitlement.condition)) add(one, 'public');
    if (subject.account !== undefined && subject.account !== one.resourceAccount) add(one, 'cross-account');
  }
  return risky;
}

/** The permissions that together make an escalation; none where one is missing. */
function holdersOf(escalation: Escalation, index: Index, subjectArn: string): Held[] {
  const holders: Held[] = [];
  for (const action of escalation.actions) {
    const found = index
      .holding(action)
      .filter(
        (one) =>
          (escalation.needsOther !== true || !isOnlyOneself(one.resource, subjectArn)) &&
          (action !== 'iam:passrole' || passesTo(one.entitlement.condition, escalation.passesRoleTo ?? '')),
      );
    if (found.length === 0) return [];
    holders.push(...found);
  }
  return holders;
}

/** Permissions by the service of their action; those of several services are in ''. */
class Index {
  readonly #held = new Map<string, { one: Held; element: Element }[]>();

  constructor(held: readonly Held[]) {
    for (const one of held) {
      const { action } = one;
      const element = new Element(action.not, action.not ? action.patterns : [action.pattern], foldAction);
      const head = action.not ? '' : headOf(element.folded[0] ?? '');
      const group = this.#held.get(head);
      if (group === undefined) this.#held.set(head, [{ one, element }]);
      else group.push({ one, element });
    }
  }

  /** Permissions that cover an action (in lower case). */
  holding(action: string): Held[] {
    const near = [...(this.#held.get(headOf(action)) ?? []), ...(this.#held.get('') ?? [])];
    const side: Side = { not: false, pattern: action };
    return near.filter(({ element }) => relate(element, side) === 'covers').map(({ one }) => one);
  }
}

function isOnlyOneself(resource: Side, subjectArn: string): boolean {
  if (resource.not) return false;
  return resource.pattern === subjectArn || /:user\/(?:.*\/)?\$\{aws:username\}$/.test(resource.pattern);
}

/** Whether the condition lets a role be passed to the service; a condition that does not speak of it does. */
function passesTo(condition: ConditionNode | null, service: string): boolean {
  if (condition === null) return true;
  if (condition.op === 'any') return condition.children?.some((child) => passesTo(child, service)) ?? true;
  if (condition.op === 'all') return condition.children?.every((child) => passesTo(child, service)) ?? true;
  if (condition.op === 'not' || condition.key?.toLowerCase() !== 'iam:passedtoservice') return true;
  const values = (
    Array.isArray(condition.expected) ? condition.expected : [condition.expected]
  ) as readonly unknown[];
  const named = values.some(
    (value) => typeof value === 'string' && new Glob(wildcardPieces(value)).matches(service),
  );
  const operator = condition.operator?.toLowerCase() ?? '';
  return operator.includes('not') ? !named : named;
}

/** Keys whose values make that not everyone is meant (Amazon S3 User Guide, "The meaning of public"). */
const narrowing = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  'kms:calleraccount',
]);

function isNarrowed(condition: ConditionNode | null): boolean {
  if (condition === null) return false;
  if (condition.op === 'leaf') {
    const negated = condition.operator?.toLowerCase().includes('not') === true;
    return !negated && narrowing.has(condition.key?.toLowerCase() ?? '');
  }
  const parts = condition.children ?? [];
  return condition.op === 'any' ? parts.every(isNarrowed) : condition.op === 'all' && parts.some(isNarrowed);
}

/** A whole service or more, or anything but reading on all resources by a pattern. */
function isWildcard({ action, resource, entitlement }: Held): boolean {
  if (action.not || action.pattern === '*' || action.pattern.endsWith(':*')) return true;
  const level = entitlement.action.level;
  const everywhere = !resource.not && resource.pattern === '*';
  return everywhere && action.pattern.includes('*') && level !== 'list' && level !== 'read';
}
