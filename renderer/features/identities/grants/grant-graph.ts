import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Entitlement, EntitlementRisk } from '#shared/domain/entitlement.ts';
import type { GrantEdge, PolicyRef } from '#shared/domain/trace.ts';
import type { EntitlementUsage, UsageState } from '#shared/domain/usage.ts';
import { howWords, statementName } from '../../../ui/grant-words.ts';

/** What stands in the graph: everything from the identity to what it may do. */
export type GrantNodeKind = 'identity' | 'holder' | 'policy' | 'statement' | 'permission' | 'limit';

export interface GrantNode {
  readonly id: string;
  readonly kind: GrantNodeKind;
  readonly label: string;
  /** Below the label: what it is, or how it is used. */
  readonly note: string;
  readonly whole: string;
  readonly risks: readonly EntitlementRisk[];
  readonly usage: UsageState | null;
  /** Under which the permissions of one statement are folded, e.g. the AWS service. */
  readonly group: string | null;
}

export interface GrantLink {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** A limit takes away instead of giving. */
  readonly limit: boolean;
}

export interface GrantGraph {
  readonly root: string;
  readonly nodes: ReadonlyMap<string, GrantNode>;
  readonly links: readonly GrantLink[];
}

/** All ways from one identity to all that it holds, with the limits that take something of it away. */
export function grantGraph(subject: string, rows: readonly EntitlementUsage[]): GrantGraph {
  const builder = new Builder(subject);
  for (const row of rows) builder.add(row);
  return builder.graph();
}

class Builder {
  readonly #root: string;
  readonly #nodes = new Map<string, GrantNode>();
  readonly #links = new Map<string, GrantLink>();

  constructor(subject: string) {
    this.#root = `of ${subject}`;
    this.#node(this.#root, 'identity', shortResource(subject), 'identity', subject);
  }

  graph(): GrantGraph {
    return { root: this.#root, nodes: this.#nodes, links: [...this.#links.values()] };
  }

  add({ entitlement, usage, count }: EntitlementUsage): void {
    const permission = this.#permission(entitlement, usage, count);
    for (const { path, ref } of entitlement.grants) {
      const policy = this.#along(path, ref);
      const statement = `rule ${ref.path} ${ref.locator} ${ref.policyId} ${ref.index ?? ''}`;
      this.#node(statement, 'statement', statementName(ref), 'statement', `${ref.policyId} ${placeOf(ref)}`);
      this.#link(policy, statement, 'has the rule');
      this.#link(statement, permission, 'gives');
    }
    for (const ref of entitlement.limitedBy) {
      const limit = `limit ${ref.path} ${ref.locator} ${ref.policyId} ${ref.index ?? ''}`;
      this.#node(limit, 'limit', shortPolicy(ref.policyId), `limit, ${statementName(ref)}`, ref.policyId);
      this.#link(permission, limit, 'limited by', true);
    }
  }

  /** The nodes of a path; gives the last, which is the policy or role that the rule stands in. */
  #along(path: readonly GrantEdge[], ref: PolicyRef): string {
    let at = this.#root;
    for (const [step, edge] of path.entries()) {
      const to = `at ${edge.to}`;
      const isLast = step === path.length - 1;
      const kind = isLast ? 'policy' : 'holder';
      const note = isLast ? 'policy' : (holders[edge.kind] ?? 'holder');
      this.#node(to, kind, shortPolicy(edge.to), note, edge.to);
      this.#link(at, to, howWords(edge.kind));
      at = to;
    }
    if (path.length > 0) return at;
    // Directly, e.g. by the policy of a resource.
    const policy = `at ${ref.policyId}`;
    this.#node(policy, 'policy', shortPolicy(ref.policyId), 'policy', ref.policyId);
    this.#link(at, policy, 'is named by');
    return policy;
  }

  #permission(entitlement: Entitlement, usage: UsageState, count: number): string {
    const id = `may ${entitlement.key}`;
    const { action, resource, conditionality, risks } = entitlement;
    const used = usage === 'used' ? `used ${count}×` : usage === 'not-used' ? 'not used' : 'use not known';
    const held = conditionality === 'always' ? '' : `${conditionality.replace('-', ' ')}, `;
    this.#nodes.set(id, {
      id,
      kind: 'permission',
      label: action.pattern,
      note: `on ${shortResource(resource.pattern)} · ${held}${used}`,
      whole: `${action.pattern} on ${resource.pattern}`,
      risks,
      usage,
      group: groupOfAction(entitlement),
    });
    return id;
  }

  #node(id: string, kind: GrantNodeKind, label: string, note: string, whole: string): void {
    if (this.#nodes.has(id)) return;
    this.#nodes.set(id, { id, kind, label, note, whole, risks: [], usage: null, group: null });
  }

  #link(from: string, to: string, label: string, limit = false): void {
    if (from !== to) this.#links.set(`${from}\n${to}`, { from, to, label, limit });
  }
}

const holders: Partial<Record<GrantEdge['kind'], string>> = {
  'member-of': 'group',
  'bound-to': 'binding',
  assumes: 'role',
  assigned: 'role',
  'inherits-scope': 'scope',
};

/** AWS's service prefix, else the resource's type or the action itself. */
export function groupOfAction({ action: { pattern }, resource }: Entitlement): string {
  const colon = pattern.indexOf(':');
  if (colon > 0) return pattern.slice(0, colon);
  return resource.type ?? pattern;
}

function placeOf({ path, locator }: PolicyRef): string {
  return locator === '' ? path : `${path} ${locator}`;
}

/** A policy by what follows the identity whose own it is. */
function shortPolicy(policy: string): string {
  const own = policy.lastIndexOf('#');
  return own === -1 ? shortResource(policy) : policy.slice(own + 1);
}
