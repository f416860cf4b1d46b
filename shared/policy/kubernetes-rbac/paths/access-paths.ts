import {
  type AccessPath,
  compareCertainty,
  leastCertain,
  mostTargets,
  type PathCertainty,
  type ReachableIdentity,
} from '../../../domain/access-path.ts';
import type { GrantEdge } from '../../../domain/trace.ts';
import type { Cluster } from '../cluster.ts';
import { type AwsMapping, authName, authNamespace } from '../eks.ts';
import { mastersGroup } from '../user.ts';
import { subjectOf } from '../who.ts';
import { type BecomesInCluster, awsPaths } from './aws-identities.ts';
import { Holder } from './holder.ts';
import { type ClusterEdge, edgeOf } from './steps.ts';
import { clusterTechniques } from './techniques.ts';

interface Route {
  /** Each with whom it leads to; null at the end. */
  readonly hops: readonly { readonly edge: ClusterEdge; readonly to: Holder | null }[];
  readonly certainty: PathCertainty;
}

/** Who can come to what beyond its own rights, in a cluster. */
export class ClusterPaths {
  readonly #cluster: Cluster;
  readonly #holders = new Map<string, Holder>();
  readonly #edges = new Map<Holder, readonly ClusterEdge[]>();
  #routes: ReadonlyMap<Holder, Route> | null = null;

  readonly #mappings: readonly AwsMapping[];

  constructor(cluster: Cluster, mappings: readonly AwsMapping[] = []) {
    this.#cluster = cluster;
    this.#mappings = mappings;
    for (const { binding } of cluster.grants) {
      for (const subject of binding.subjects) {
        const found = subjectOf(subject, binding.namespace);
        if (found === null) continue;
        const key = `${found.type} ${found.id}`;
        if (!this.#holders.has(key)) this.#holders.set(key, new Holder(cluster, found.type, found.id));
      }
    }
  }

  *paths(subject?: string): Generator<AccessPath> {
    const holders = [...this.#holders.values()].toSorted((one, other) => (one.key < other.key ? -1 : 1));
    for (const holder of holders) {
      if (subject !== undefined && holder.id !== subject) continue;
      const whole = holder.administration(null);
      if (whole !== null) {
        yield administrator(holder, whole, [{ type: 'cluster', id: '*' }], 'everything');
        continue;
      }
      const namespaces = holder.namespaces.filter((name) => holder.administration(name) !== null);
      const [first] = namespaces;
      const local = first === undefined ? null : holder.administration(first);
      if (local !== null) {
        const targets = namespaces.map((id) => ({ type: 'namespace', id }));
        yield administrator(holder, local, targets, 'more');
      }
      yield* this.#escalations(holder, new Set(namespaces));
    }
    yield* awsPaths(this.#mappings, (mapping) => this.#becomes(mapping), subject);
  }

  /** Those of the bundle whom an AWS identity is in the cluster. */
  #holdersOf({ groups, username }: AwsMapping): Holder[] {
    const keys = [
      ...groups.map((name) => `Group ${name}`),
      ...(username === null ? [] : [`User ${username}`]),
    ];
    return keys.flatMap((key) => this.#holders.get(key) ?? []);
  }

  #becomes(mapping: AwsMapping): BecomesInCluster[] {
    return this.#holdersOf(mapping).map((holder) => {
      const { type, id } = holder;
      const route = this.#routeFrom(holder);
      if (route === undefined) return { to: { type, id }, route: null };
      const edges = route.hops.map(({ edge }) => edge);
      return {
        to: { type, id },
        route: {
          chain: chainOf(holder, route),
          steps: edges.flatMap(({ steps }) => steps),
          certainty: route.certainty,
          conditions: [...new Set(edges.flatMap(({ conditions }) => conditions))],
        },
      };
    });
  }

  /** Who may write `aws-auth` makes any AWS identity a member of `system:masters`. */
  #writesAuth(holder: Holder): ClusterEdge[] {
    if (!this.#mappings.some(({ from }) => from === 'aws-auth')) return [];
    const held = holder.holds(writeAuth.needs[0], authNamespace);
    if (held === null || !held.own || (held.names !== null && !held.names.includes(authName))) return [];
    const { step } = held;
    const conditions =
      step.condition === undefined ? [] : [`${step.action} ${step.resource}: ${step.condition.expr}`];
    return [
      {
        technique: writeAuth.technique,
        namespace: authNamespace,
        becomes: [],
        gives: 'everything',
        targets: [{ type: 'Group', id: mastersGroup }],
        steps: [step],
        certainty: step.certainty,
        conditions,
      },
    ];
  }

  *#escalations(holder: Holder, administered: ReadonlySet<string>): Generator<AccessPath> {
    const byTechnique = new Map<string, { edge: ClusterEdge; route: Route | null }[]>();
    for (const edge of this.#edgesOf(holder)) {
      const route = this.#routeBy(holder, edge);
      // Within its own namespace an administrator gains nothing but what leads out of it.
      if (administered.has(edge.namespace) && route === null) continue;
      const list = byTechnique.get(edge.technique.id);
      if (list === undefined) byTechnique.set(edge.technique.id, [{ edge, route }]);
      else list.push({ edge, route });
    }
    for (const ways of byTechnique.values()) {
      const ordered = ways.toSorted(
        (one, other) =>
          Number(other.route !== null) - Number(one.route !== null) ||
          compareCertainty(one.edge.certainty, other.edge.certainty) ||
          (one.edge.namespace < other.edge.namespace ? -1 : 1),
      );
      const [best] = ordered;
      if (best !== undefined)
        yield pathOf(
          holder,
          best.edge,
          best.route,
          ordered.map(({ edge }) => edge),
        );
    }
  }

  #edgesOf(holder: Holder): readonly ClusterEdge[] {
    const known = this.#edges.get(holder);
    if (known !== undefined) return known;
    const edges: ClusterEdge[] = [];
    if (holder.administration(null) === null) {
      edges.push(...this.#writesAuth(holder));
      for (const technique of clusterTechniques) {
        const whole = edgeOf(this.#cluster, this.#holders, holder, technique, '');
        if (whole !== null) edges.push(whole);
        if (technique.clusterScoped === true || whole?.certainty === 'certain') continue;
        for (const namespace of holder.namespaces) {
          const local = edgeOf(this.#cluster, this.#holders, holder, technique, namespace);
          if (local !== null) edges.push(local);
        }
      }
    }
    this.#edges.set(holder, edges);
    return edges;
  }

  #routeBy(holder: Holder, edge: ClusterEdge): Route | null {
    if (edge.gives === 'everything') {
      return { hops: [{ edge, to: null }], certainty: edge.certainty };
    }
    let best: Route | null = null;
    for (const to of edge.becomes) {
      const rest = this.#routeFrom(to);
      if (rest === undefined || rest.hops.some((hop) => hop.to === holder)) continue;
      const route = {
        hops: [{ edge, to }, ...rest.hops],
        certainty: leastCertain([edge.certainty, rest.certainty]),
      };
      if (best === null || isBetter(route, best)) best = route;
    }
    return best;
  }

  #routeFrom(holder: Holder): Route | undefined {
    this.#routes ??= this.#findRoutes();
    return this.#routes.get(holder);
  }

  /** Rounds in which ways get surer or shorter, until none does. */
  #findRoutes(): Map<Holder, Route> {
    const routes = new Map<Holder, Route>();
    for (const holder of this.#holders.values()) {
      if (holder.administration(null) !== null) routes.set(holder, { hops: [], certainty: 'certain' });
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (const holder of this.#holders.values()) {
        for (const edge of this.#edgesOf(holder)) {
          const ends = edge.gives === 'everything' ? [null] : edge.becomes;
          for (const to of ends) {
            const rest = to === null ? { hops: [], certainty: 'certain' as const } : routes.get(to);
            if (rest === undefined || to === holder) continue;
            const route = {
              hops: [{ edge, to }, ...rest.hops],
              certainty: leastCertain([edge.certainty, rest.certainty]),
            };
            const known = routes.get(holder);
            if (known !== undefined && !isBetter(route, known)) continue;
            routes.set(holder, route);
            changed = true;
          }
        }
      }
    }
    return routes;
  }

  /** An AWS identity is in the cluster what it is mapped to, and becomes what those can. */
  #reachOfAws(subject: string): ReachableIdentity[] {
    const found = new Map<string, ReachableIdentity>();
    for (const mapping of this.#mappings) {
      if (mapping.principal !== subject) continue;
      for (const holder of this.#holdersOf(mapping)) {
        const { type, id } = holder;
        const first = { from: subject, to: id, kind: 'assumes' as const, ref: mapping.ref };
        const administrator = holder.administration(null) !== null;
        found.set(holder.key, { type, id, certainty: 'certain', administrator, chain: [first] });
        for (const further of this.reach(id)) {
          const key = `${further.type} ${further.id}`;
          if (!found.has(key)) found.set(key, { ...further, chain: [first, ...further.chain] });
        }
      }
    }
    return [...found.values()];
  }

  /** Everybody whom a subject can become, surest and nearest first. */
  reach(subject: string): ReachableIdentity[] {
    const start = [...this.#holders.values()].find(({ id }) => id === subject);
    if (start === undefined) return this.#reachOfAws(subject);
    const reached = new Map<Holder, Route>([[start, { hops: [], certainty: 'certain' }]]);
    let front = [start];
    while (front.length > 0) {
      const next: Holder[] = [];
      for (const from of front) {
        const route = reached.get(from);
        for (const edge of this.#edgesOf(from)) {
          for (const to of route === undefined ? [] : edge.becomes) {
            const way = {
              hops: [...(route?.hops ?? []), { edge, to }],
              certainty: leastCertain([route?.certainty ?? 'unknown', edge.certainty]),
            };
            const known = reached.get(to);
            if (known !== undefined && !isBetter(way, known)) continue;
            reached.set(to, way);
            next.push(to);
          }
        }
      }
      front = next;
    }
    reached.delete(start);
    return [...reached]
      .map(([holder, route]) => ({
        type: holder.type,
        id: holder.id,
        certainty: route.certainty,
        administrator: holder.administration(null) !== null,
        chain: chainOf(start, route),
      }))
      .toSorted(
        (one, other) =>
          compareCertainty(one.certainty, other.certainty) ||
          one.chain.length - other.chain.length ||
          (one.id < other.id ? -1 : 1),
      );
  }
}

/** A technique of clusters that take AWS identities from a ConfigMap; others have none of that name. */
const writeAuth = {
  needs: [{ verbs: ['update', 'patch'], group: '', resource: 'configmaps' }],
  technique: {
    id: 'write-aws-auth',
    title: 'Make an AWS identity an administrator by aws-auth',
    needs: [],
    gives: { kind: 'rights', what: 'everything' },
    tags: ['attack.t1098.006', 'owasp-nhi.5', 'nist-csf.pr.aa-05'],
  },
} as const;

function isBetter(one: Route, other: Route): boolean {
  const surer = compareCertainty(one.certainty, other.certainty);
  return surer < 0 || (surer === 0 && one.hops.length < other.hops.length);
}

function chainOf(start: Holder, { hops }: Route): GrantEdge[] {
  let from = start.id;
  return hops.map(({ edge, to }) => {
    const ref = edge.steps[0]?.policies[0];
    const step = {
      from,
      to: to?.id ?? edge.targets[0]?.id ?? edge.namespace,
      kind: 'takes-over' as const,
      ...(ref === undefined ? null : { ref }),
    };
    from = step.to;
    return step;
  });
}

function administrator(
  holder: Holder,
  step: AccessPath['steps'][number],
  targets: AccessPath['targets'],
  gives: 'everything' | 'more',
): AccessPath {
  const where = gives === 'everything' ? 'in the cluster' : `in ${targets.map(({ id }) => id).join(', ')}`;
  return {
    key: `kubernetes-rbac ${holder.key} administrator`,
    system: 'kubernetes-rbac',
    subject: { type: holder.type, id: holder.id },
    kind: 'administrator',
    technique: 'administrator',
    title: gives === 'everything' ? 'Administrator of the cluster' : 'Administrator of a namespace',
    gives,
    certainty: 'certain',
    targets: targets.slice(0, mostTargets),
    targetCount: targets.length,
    steps: [step],
    chain: [],
    conditions: [],
    assumptions: [],
    tags: ['owasp-nhi.5', 'nist-csf.pr.aa-05'],
    summary: `${holder.key} has every right ${where}.`,
  };
}

function pathOf(
  holder: Holder,
  edge: ClusterEdge,
  route: Route | null,
  ways: readonly ClusterEdge[],
): AccessPath {
  const { technique } = edge;
  const secrets = technique.gives.kind === 'secrets';
  const gives = secrets ? 'secrets' : route === null ? 'more' : 'everything';
  const certainty = route?.certainty ?? edge.certainty;
  const hops = route?.hops ?? [{ edge, to: edge.becomes[0] ?? null }];
  const targets = [
    ...new Map(ways.flatMap((way) => way.targets).map((target) => [target.id, target])).values(),
  ];
  const spaces = [...new Set(ways.map(({ namespace }) => namespace))];
  const where = spaces.includes('') ? 'in the whole cluster' : `in ${spaces.join(', ')}`;
  const end = hops.findLast(({ to }) => to !== null)?.to;
  const as = end === undefined || end === null ? '' : `, as ${end.key}`;
  const what = {
    everything: `come to every right${as}`,
    more: `come to more rights${as}`,
    secrets: 'read secrets',
  }[gives];
  const by = edge.steps.map(({ action, resource }) => `${action} ${resource}`).join(' and ');
  return {
    key: `kubernetes-rbac ${holder.key} ${technique.id}`,
    system: 'kubernetes-rbac',
    subject: { type: holder.type, id: holder.id },
    kind: secrets ? 'credential-access' : 'privilege-escalation',
    technique: technique.id,
    title: technique.title,
    gives,
    certainty,
    targets: targets.slice(0, mostTargets),
    targetCount: targets.length,
    steps: hops.flatMap((hop) => hop.edge.steps),
    chain: secrets ? [] : chainOf(holder, { hops, certainty }),
    conditions: [...new Set(hops.flatMap((hop) => hop.edge.conditions))],
    assumptions: [],
    tags: technique.tags,
    summary: `${holder.key} can ${what} ${where} by ${by}${certainty === 'certain' ? '' : ', under conditions'}.`,
  };
}
