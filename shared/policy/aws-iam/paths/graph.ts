import { compareCertainty, leastCertain, type PathCertainty } from '../../../domain/access-path.ts';
import type { GrantEdge } from '../../../domain/trace.ts';
import type { IamEntity } from '../bundle/entity.ts';
import type { Estate } from '../bundle/estate.ts';
import { assumeRole, assumptions, TrustIndex } from './assumption.ts';
import { directoryEdges } from './directory-services.ts';
import { type Edge, isServiceLinked } from './edge.ts';
import { Gain } from './gain.ts';
import { identityEdges } from './identities.ts';
import { policyEdges } from './policies.ts';
import { type AskEstate, Prober } from './prober.ts';
import { serviceEdges } from './services.ts';

/** How every right is come to from some user or role. */
export interface Route {
  readonly edges: readonly Edge[];
  readonly certainty: PathCertainty;
}

/** Who can become whom, or give itself more, in a bundle. */
export class EscalationGraph {
  readonly prober: Prober;
  readonly gain: Gain;
  readonly trust: TrustIndex;
  readonly entities: readonly IamEntity[];
  readonly #edges = new Map<IamEntity, readonly Edge[]>();
  #routes: ReadonlyMap<IamEntity, Route> | null = null;

  constructor(estate: Estate, ask: AskEstate, at: string | null) {
    this.prober = new Prober(estate, ask, at);
    this.gain = new Gain(this.prober);
    this.trust = new TrustIndex(estate);
    this.entities = estate.entities().map(({ entity }) => entity);
  }

  /** The ways on from one user or role. An administrator needs none. */
  edgesOf(entity: IamEntity): readonly Edge[] {
    let known = this.#edges.get(entity);
    if (known === undefined) {
      known = this.#edgesOf(entity);
      this.#edges.set(entity, known);
    }
    return known;
  }

  #edgesOf(entity: IamEntity): Edge[] {
    const { prober, gain, trust } = this;
    if (isServiceLinked(entity) || gain.administration(entity) !== null) return [];
    const becoming = [...assumptions(prober, gain, trust, entity), ...identityEdges(prober, gain, entity)];
    const controlled = new Map<IamEntity, Edge>();
    for (const edge of becoming) {
      const known = edge.to === null ? undefined : controlled.get(edge.to);
      if (edge.to === null || (known !== undefined && compareCertainty(known.certainty, edge.certainty) <= 0))
        continue;
      controlled.set(edge.to, edge);
    }
    return [
      ...becoming,
      ...policyEdges(prober, gain, entity, controlled),
      ...serviceEdges(prober, gain, trust, entity),
      ...directoryEdges(prober, gain, entity),
    ];
  }

  /** The surest, then shortest way to every right. Administrators have one of no edges. */
  routeFrom(entity: IamEntity): Route | undefined {
    this.#routes ??= this.#findRoutes();
    return this.#routes.get(entity);
  }

  /** The way to every right that begins with an edge; null where it leads to less. */
  routeBy(entity: IamEntity, edge: Edge): Route | null {
    if (edge.to === null || givesItself(edge)) {
      return edge.gives === 'everything' ? { edges: [edge], certainty: edge.certainty } : null;
    }
    const rest = this.routeFrom(edge.to);
    // A way that comes back to where it began is a way of its own.
    if (rest === undefined || rest.edges.some(({ to }) => to === entity)) return null;
    return { edges: [edge, ...rest.edges], certainty: leastCertain([edge.certainty, rest.certainty]) };
  }

  /** From those who have every right backwards: sure ways first, then those under conditions. */
  #findRoutes(): Map<IamEntity, Route> {
    const routes = new Map<IamEntity, Route>();
    const incoming = new Map<IamEntity, { from: IamEntity; edge: Edge }[]>();
    let front: IamEntity[] = [];
    const settle = (entity: IamEntity, route: Route): void => {
      const known = routes.get(entity);
      if (known !== undefined && !isBetter(route, known)) return;
      routes.set(entity, route);
      front.push(entity);
    };
    for (const entity of this.entities) {
      const administration = this.gain.administration(entity);
      if (administration !== null) settle(entity, { edges: [], certainty: administration.certainty });
      for (const edge of this.edgesOf(entity)) {
        if (edge.to === null || givesItself(edge)) {
          if (edge.gives === 'everything') settle(entity, { edges: [edge], certainty: edge.certainty });
        } else {
          const list = incoming.get(edge.to);
          if (list === undefined) incoming.set(edge.to, [{ from: entity, edge }]);
          else list.push({ from: entity, edge });
        }
      }
    }
    // Each round settles what is one edge further, or surer, than before: it ends, since routes only get better.
    while (front.length > 0) {
      const round = new Set(front);
      front = [];
      for (const entity of round) {
        const rest = routes.get(entity);
        for (const { from, edge } of rest === undefined ? [] : (incoming.get(entity) ?? [])) {
          const certainty = leastCertain([edge.certainty, rest?.certainty ?? 'unknown']);
          settle(from, { edges: [edge, ...(rest?.edges ?? [])], certainty });
        }
      }
    }
    return routes;
  }

  /** Everyone whom a user or role can become, with the surest, then shortest way. */
  reachFrom(entity: IamEntity): Map<IamEntity, Route> {
    const reached = new Map<IamEntity, Route>([[entity, { edges: [], certainty: 'certain' }]]);
    let front = [entity];
    while (front.length > 0) {
      const next: IamEntity[] = [];
      for (const from of front) {
        const route = reached.get(from);
        for (const edge of this.edgesOf(from)) {
          if (edge.to === null || route === undefined || edge.to === entity) continue;
          const way = {
            edges: [...route.edges, edge],
            certainty: leastCertain([route.certainty, edge.certainty]),
          };
          const known = reached.get(edge.to);
          if (known !== undefined && !isBetter(way, known)) continue;
          reached.set(edge.to, way);
          next.push(edge.to);
        }
      }
      front = next;
    }
    reached.delete(entity);
    return reached;
  }
}

/** More is given to another whom the subject then becomes: its steps hold both. */
function givesItself({ technique, to }: Edge): boolean {
  return to !== null && technique.id !== assumeRole.id && policyTechnique.test(technique.id);
}

const policyTechnique = /^iam-(?:attach|put|create-policy|set-default|add-user)/;

function isBetter(one: Route, other: Route): boolean {
  const surer = compareCertainty(one.certainty, other.certainty);
  return surer < 0 || (surer === 0 && one.edges.length < other.edges.length);
}

/** The edges of a way, from identity to identity. */
export function chainOf(entity: IamEntity, edges: readonly Edge[]): GrantEdge[] {
  let from = entity.arn;
  return edges.map((edge) => {
    const to = edge.to?.arn ?? edge.target.id;
    const kind = edge.technique.id === assumeRole.id ? ('assumes' as const) : ('takes-over' as const);
    const ref = edge.steps[0]?.policies[0];
    const step = { from, to, kind, ...(ref === undefined ? null : { ref }) };
    from = to;
    return step;
  });
}
