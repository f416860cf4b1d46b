import { type AccessPathStep, compareCertainty } from '../../../domain/access-path.ts';
import { resourceAttributes, splitResource } from '../attributes.ts';
import type { Cluster } from '../cluster.ts';
import { matchRules } from '../grant.ts';
import { uncovered } from '../cover.ts';
import { all } from '../match.ts';
import type { PolicyRule } from '../model.ts';
import { mastersGroup, userOf } from '../user.ts';
import { type HeldGrant, UserView } from '../view.ts';
import type { ClusterNeed } from './techniques.ts';

/** A permission, with the names that it is limited to; null where it is limited to none. */
export interface HeldNeed {
  readonly step: AccessPathStep;
  readonly names: readonly string[] | null;
  /** Held by a binding of the subject itself, not of a group that it is in. */
  readonly own: boolean;
}

/** A subject of bindings, with what it holds. */
export class Holder {
  readonly type: string;
  readonly id: string;
  readonly view: UserView;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, type: string, id: string) {
    this.type = type;
    this.id = id;
    this.#cluster = cluster;
    const user = userOf({ type, id });
    if (typeof user === 'string') throw new TypeError(user);
    this.view = new UserView(cluster, user);
  }

  get key(): string {
    return `${this.type} ${this.id}`;
  }

  /** The namespace of a service account; null for anybody else. */
  get namespace(): string | null {
    const [, , namespace] = this.type === 'ServiceAccount' ? this.id.split(':') : [];
    return namespace ?? null;
  }

  /** Namespaces in which RoleBindings give it something. */
  get namespaces(): string[] {
    return [...this.#cluster.grantsByNamespace.keys()].filter(
      (name) => this.view.namespace(name).held.length > 0,
    );
  }

  /** The way in which it has every right in a namespace, or in the cluster; null where it has not. */
  administration(namespace: string | null): AccessPathStep | null {
    if (namespace === null && this.id === mastersGroup) return mastersStep;
    for (const held of this.#reach(namespace, false)) {
      const rule = held.grant.rules.find(({ rule: each }) => isEverything(each))?.rule;
      if (rule === undefined || !this.#isOwn(held)) continue;
      return {
        action: all,
        resource: namespace === null ? '*' : `every resource of ${namespace}`,
        certainty: 'certain',
        path: held.via,
        policies: [held.grant.binding.ref, rule.ref],
      };
    }
    return null;
  }

  /** How it holds a permission in a namespace (empty: in all); null where it does not. */
  holds({ verbs, group, resource }: ClusterNeed, namespace: string): HeldNeed | null {
    const { resource: plain, subresource } = splitResource(resource);
    let best: HeldNeed | null = null;
    for (const verb of verbs) {
      const attributes = resourceAttributes({
        verb,
        apiGroup: group,
        resource: plain,
        subresource,
        namespace,
        name: '',
      });
      for (const held of this.#reach(namespace === '' ? null : namespace, true)) {
        const { covering, named } = matchRules(held.grant.rules, attributes);
        const found = this.#best(held, covering, named, verb, resource, namespace);
        if (found !== null && (best === null || isBetter(found, best))) best = found;
      }
    }
    return best;
  }

  #best(
    held: HeldGrant,
    covering: readonly number[],
    named: readonly number[],
    verb: string,
    resource: string,
    namespace: string,
  ): HeldNeed | null {
    const whole = covering[0];
    // A request that creates an object carries no name; one that lists carries one only by a field selector.
    const limited = verb === 'create' && !resource.includes('/') ? [] : named;
    const index = whole ?? limited[0];
    const rule = index === undefined ? undefined : held.grant.rules[index]?.rule;
    if (rule === undefined) return null;
    const names =
      whole === undefined
        ? [...new Set(limited.flatMap((place) => held.grant.rules[place]?.rule.resourceNames ?? []))]
        : null;
    const selects = names !== null && (verb === 'list' || verb === 'watch');
    const place = namespace === '' ? '' : ` in ${namespace}`;
    const only = names === null ? '' : ` ${names.join(', ')}`;
    return {
      names,
      own: this.#isOwn(held),
      step: {
        action: verb,
        resource: `${resource}${only}${place}`,
        certainty: selects ? 'conditional' : 'certain',
        path: held.via,
        policies: [held.grant.binding.ref, rule.ref],
        ...(selects
          ? {
              condition: {
                op: 'leaf',
                expr: `the request selects metadata.name=${names.join(' or ')}`,
                key: 'metadata.name',
                expected: names,
                result: 'unknown',
              },
            }
          : null),
      },
    };
  }

  /** Whether another has rights that this one has not. */
  lacks(other: Holder): boolean {
    if (this.#lacksIn(null, other)) return true;
    return other.namespaces.some((namespace) => this.#lacksIn(namespace, other));
  }

  #lacksIn(namespace: string | null, other: Holder): boolean {
    return this.lacksRules(namespace, other.rulesIn(namespace));
  }

  /** Whether some of the rules, in a namespace or in the cluster, are not held. */
  lacksRules(namespace: string | null, rules: readonly PolicyRule[]): boolean {
    const own = namespace === null ? this.rulesIn(null) : [...this.rulesIn(null), ...this.rulesIn(namespace)];
    return uncovered(own, rules).length > 0;
  }

  /** The rules that it has in a namespace alone, or in the whole cluster. */
  rulesIn(namespace: string | null): PolicyRule[] {
    return this.#reach(namespace, false).flatMap(({ grant }) => grant.rules.map(({ rule }) => rule));
  }

  #reach(namespace: string | null, withCluster: boolean): readonly HeldGrant[] {
    if (namespace === null) return this.view.cluster.held;
    const local = this.view.namespace(namespace).held;
    return withCluster ? [...this.view.cluster.held, ...local] : local;
  }

  #isOwn({ subject }: HeldGrant): boolean {
    return this.type === 'Group' ? subject === `Group ${this.id}` : !subject.startsWith('Group ');
  }
}

const mastersStep: AccessPathStep = {
  action: all,
  resource: '*',
  certainty: 'certain',
  path: [{ from: `Group ${mastersGroup}`, to: 'every right', kind: 'assigned' }],
  policies: [],
};

/** Surer, or not limited to names, or by a binding of its own. */
function isBetter(one: HeldNeed, other: HeldNeed): boolean {
  return (
    (compareCertainty(one.step.certainty, other.step.certainty) ||
      Number(one.names !== null) - Number(other.names !== null) ||
      Number(other.own) - Number(one.own)) < 0
  );
}

export function isEverything({ verbs, apiGroups, resources, resourceNames }: PolicyRule): boolean {
  return (
    verbs.includes(all) && apiGroups.includes(all) && resources.includes(all) && resourceNames.length === 0
  );
}
