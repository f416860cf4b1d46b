import type { Estate } from '../bundle/estate.ts';
import type { Context } from '../condition/condition.ts';
import type { CompiledPolicy } from '../document/policy.ts';
import { matchPrincipal, type PrincipalEntry } from '../document/principal.ts';
import { Attachment } from '../evaluate/attachment.ts';
import { RequestContext } from '../request/context.ts';
import { deriveFrom } from '../request/derive.ts';
import { readSubject, type Subject } from '../request/subject.ts';
import { Element, foldResource, relate, sidesOf } from './area.ts';
import type { Found } from './found.ts';
import { lessDenies } from './less-denies.ts';
import { seenStatements } from './limits.ts';

/** A policy that stands at a resource. */
interface ResourceHolder {
  readonly policy: CompiledPolicy;
  readonly resource: string;
  readonly account: string;
}

/** Someone whom the policy of a resource names. */
export interface NamedPrincipal {
  readonly type: string;
  readonly id: string;
  readonly account: string | null;
  readonly found: readonly Found[];
}

/** Trust policies of roles and the other resource policies of a bundle. */
function holdersOf(estate: Estate): ResourceHolder[] {
  return [...estate.accounts.values()].flatMap(({ id, roles, resourcePolicies }) => [
    ...[...roles.values()].flatMap(({ trust, arn }) =>
      trust === null ? [] : [{ policy: trust, resource: arn, account: id }],
    ),
    ...[...(resourcePolicies ?? [])].map(([resource, policy]) => ({ policy, resource, account: id })),
  ]);
}

/**
 * What resource policies give by themselves to those whom they name, in the order of their names. An account that
 * delegates to itself gives nobody anything; one that names another account or someone in it gives as far as that
 * account does, which is not known here.
 */
export function resourceGrants(estate: Estate): NamedPrincipal[] {
  const named = new Map<string, { type: string; id: string; account: string | null; found: Found[] }>();
  for (const holder of holdersOf(estate)) {
    const principals = new Map<string, Asker>();
    for (const { effect, principal } of holder.policy.statements) {
      if (effect === 'deny' || principal === null) continue;
      const entries: readonly PrincipalEntry[] = principal.not ? [{ kind: 'everyone' }] : principal.entries;
      for (const entry of entries) {
        const asker = askerOf(entry);
        if (asker !== null) principals.set(asker.id, asker);
      }
    }
    for (const { type, id } of principals.values()) {
      const subject = readSubject({ type, id });
      if (subject === null || (subject.kind === 'root' && subject.account === holder.account)) continue;
      const group = named.get(id) ?? { type, id, account: subject.account, found: [] };
      named.set(id, group);
      group.found.push(...grantsTo(estate, subject, holder));
    }
  }
  return [...named.values()].toSorted((first, second) => (first.id < second.id ? -1 : 1));
}

interface Asker {
  readonly type: string;
  readonly id: string;
}

/** A principal of a policy as someone who asks; null where that cannot be told. */
export function askerOf(entry: PrincipalEntry): Asker | null {
  switch (entry.kind) {
    case 'everyone':
      return { type: 'anonymous', id: '*' };
    case 'account':
      return { type: 'account', id: `arn:aws:iam::${entry.account}:root` };
    case 'service':
    case 'federated':
      return { type: entry.kind, id: entry.name };
    case 'user':
    case 'role':
    case 'session':
    case 'federated-user':
      return { type: entry.kind, id: entry.arn };
    case 'unique-id':
    case 'canonical':
    default:
      return null;
  }
}

function grantsTo(estate: Estate, subject: Subject, holder: ResourceHolder): Found[] {
  const { policy, resource, account } = holder;
  const facts = estate.facts(subject, { type: '', id: resource }, account);
  const context: Context = new RequestContext(undefined, { complete: false }, deriveFrom(facts));
  const layer = { attachments: [new Attachment(policy, 'resource/')], gaps: policy.gaps };
  const binding = seenStatements(layer, context).flatMap((seen) => {
    const { principal, effect } = seen.statement;
    const matched =
      principal === null ? true : matchPrincipal(principal, facts.subject, effect, false).result;
    return matched === false || !names(principal?.entries ?? [], subject) ? [] : [{ seen, matched }];
  });
  const denies = binding.flatMap(({ seen, matched }) =>
    seen.statement.effect === 'deny' && matched === true ? [seen] : [],
  );
  const foreign = subject.account !== null && subject.account !== account;
  const whole = new Element(false, [resource], foldResource);
  const within = new Element(false, [`${resource}*`], foldResource);
  const uncertain = foreign || policy.gaps.length > 0;
  return binding.flatMap(({ seen, matched }): Found[] => {
    if (seen.statement.effect === 'deny') return [];
    const path = [{ from: subject.id, to: resource, kind: 'attached' as const, ref: seen.ref }];
    // No resource, or “*”, in the policy of a resource is the resource and what lies in it.
    const { statement, resource: named } = seen;
    const itself = statement.resource === null || (!named.not && named.patterns.includes('*'));
    const resources = itself ? whole : named;
    return sidesOf(seen.action).flatMap((action) =>
      sidesOf(resources)
        .filter((side) => relate(within, side) !== 'disjoint')
        .map((side) => ({
          ...lessDenies(
            { area: { action, resource: side }, condition: seen.condition, limitedBy: [] },
            denies,
            uncertain || matched === 'unknown',
          ),
          path,
          ref: seen.ref,
          resourceAccount: account,
        })),
    );
  });
}

/** Everyone is said once, not again for each who is named besides. */
function names(entries: readonly PrincipalEntry[], subject: Subject): boolean {
  if (entries.length === 0 || subject.kind === 'anonymous') return true;
  return entries.some((entry) => entry.kind !== 'everyone');
}
