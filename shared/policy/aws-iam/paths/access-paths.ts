import {
  type AccessPath,
  type AccessPathStep,
  compareCertainty,
  mostTargets,
} from '../../../domain/access-path.ts';
import type { IamEntity } from '../bundle/entity.ts';
import { expandAction } from '../catalogue/catalogue.ts';
import { credentialActions } from '../access/techniques.ts';
import { sideText } from '../access/area.ts';
import { parseArn } from '../match/arn.ts';
import { assumeRole } from './assumption.ts';
import { type Edge, isServiceLinked } from './edge.ts';
import { chainOf, type EscalationGraph, type Route } from './graph.ts';
import { policyTags } from './techniques.ts';

/** The paths of every user and role, in the order of subject and technique. */
export function* accessPaths(graph: EscalationGraph, subject?: string): Generator<AccessPath> {
  for (const entity of graph.entities) {
    if (subject !== undefined && entity.arn !== subject) continue;
    const administration = graph.gain.administration(entity);
    if (administration !== null) {
      const { certainty, steps } = administration;
      yield finish(entity, {
        kind: 'administrator',
        technique: 'administrator',
        title: 'Administrator',
        gives: 'everything',
        certainty,
        targets: [],
        targetCount: 0,
        steps,
        chain: [],
        conditions: conditionsOf(steps),
        assumptions: [],
        tags: policyTags,
        summary: `${nameOf(entity)} has every right, or may give it to itself${under(certainty)}.`,
      });
      continue;
    }
    if (isServiceLinked(entity)) continue;
    yield* escalations(graph, entity);
    const secrets = secretsOf(graph, entity);
    if (secrets !== null) yield secrets;
  }
  if (subject === undefined || subject === '*') yield* openRoles(graph);
}

function* escalations(graph: EscalationGraph, entity: IamEntity): Generator<AccessPath> {
  const techniques = new Map<string, { edge: Edge; route: Route | null }[]>();
  for (const edge of graph.edgesOf(entity)) {
    const route = graph.routeBy(entity, edge);
    // To assume a role is what roles are for; to come to every right by it is not.
    if (route === null && (edge.technique.id === assumeRole.id || edge.gives === 'nothing')) continue;
    const list = techniques.get(edge.technique.id);
    if (list === undefined) techniques.set(edge.technique.id, [{ edge, route }]);
    else list.push({ edge, route });
  }
  for (const ways of [...techniques.values()].toSorted(byTechnique)) {
    const ordered = ways.toSorted(
      (one, other) =>
        Number(other.route !== null) - Number(one.route !== null) ||
        compareCertainty(sureness(one), sureness(other)) ||
        (one.edge.target.id < other.edge.target.id ? -1 : 1),
    );
    const [best] = ordered;
    if (best !== undefined) yield escalation(entity, best, ordered);
  }
}

interface Way {
  readonly edge: Edge;
  readonly route: Route | null;
}

function sureness({ edge, route }: Way): AccessPath['certainty'] {
  return route?.certainty ?? edge.certainty;
}

function byTechnique(one: readonly Way[], other: readonly Way[]): number {
  return (one[0]?.edge.technique.id ?? '') < (other[0]?.edge.technique.id ?? '') ? -1 : 1;
}

function escalation(entity: IamEntity, best: Way, ways: readonly Way[]): AccessPath {
  const { edge, route } = best;
  const { technique } = edge;
  const edges = route?.edges ?? [edge];
  const targets = [...new Map(ways.map((way) => [way.edge.target.id, way.edge.target])).values()];
  const certainty = sureness(best);
  const end = edges.findLast(({ to }) => to !== null)?.to;
  const gives = route === null ? 'more' : 'everything';
  const what = gives === 'everything' ? 'every right' : 'rights that it does not have';
  const by = end === undefined || end === null ? '' : `, as ${nameOf(end)}`;
  const length = edges.length > 1 ? ` in ${edges.length} steps` : '';
  return finish(entity, {
    kind: 'privilege-escalation',
    technique: technique.id,
    title: technique.title,
    gives,
    certainty,
    targets: targets.slice(0, mostTargets),
    targetCount: targets.length,
    steps: edges.flatMap(({ steps }) => steps),
    chain: chainOf(entity, edges),
    conditions: [...new Set(edges.flatMap(({ conditions }) => conditions))],
    assumptions: [...new Set(edges.flatMap(({ assumptions }) => assumptions))],
    tags: technique.tags,
    summary:
      `${nameOf(entity)} can come to ${what}${by}${length} by ` +
      `${[...new Set(edge.steps.map(({ action }) => action))].join(' and ')}${under(certainty)}.`,
  });
}

/** Actions whose answer is no secret of somebody else’s, or that are escalations of their own. */
const noSecrets = /^(?:iam|ecr|ecr-public|codeartifact|sts|chime|gamelift|mediapackage):/;

function secretsOf({ prober }: EscalationGraph, entity: IamEntity): AccessPath | null {
  const steps: AccessPathStep[] = [];
  const targets = new Map<string, string>();
  for (const name of credentialActions) {
    if (noSecrets.test(name)) continue;
    const action = expandAction(name)[0]?.name ?? name;
    const grants = prober.holdings(entity).holding(action);
    if (grants.length === 0) continue;
    const service = action.slice(0, action.indexOf(':'));
    const resource = `arn:aws:${service}:us-east-1:{account}:any`;
    const step = prober.choose(entity, { action, resource });
    if (step === null) continue;
    steps.push(step);
    for (const { area } of grants) targets.set(sideText(area.resource), service);
  }
  if (steps.length === 0) return null;
  const certainty = steps.map((step) => step.certainty).toSorted(compareCertainty)[0] ?? 'unknown';
  const found = [...targets]
    .map(([id, type]) => ({ type, id }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const where = targets.has('*')
    ? 'of every resource'
    : `of ${found
        .map(({ id }) => id)
        .slice(0, 3)
        .join(', ')}`;
  return finish(entity, {
    kind: 'credential-access',
    technique: 'read-secrets',
    title: 'Read secrets',
    gives: 'secrets',
    certainty,
    targets: found.slice(0, mostTargets),
    targetCount: found.length,
    steps,
    chain: [],
    conditions: certainty === 'certain' ? [] : conditionsOf(steps),
    assumptions: [],
    tags: ['attack.t1552', 'attack.t1555.006', 'owasp-nhi.2', 'nist-csf.pr.aa-05'],
    summary:
      `${nameOf(entity)} can read secrets ${where} by ` +
      `${steps.map(({ action }) => action).join(', ')}${under(certainty)}.`,
  });
}

/** Roles that anybody with an account of AWS can assume. */
function* openRoles({ trust, prober, gain }: EscalationGraph): Generator<AccessPath> {
  for (const role of trust.open) {
    const evaluation = prober.other(
      { type: 'account', id: `arn:aws:iam::${someAccount}:user/anybody` },
      'sts:AssumeRole',
      role.arn,
      {},
    );
    const steps = evaluation.layers.filter(({ name }) => name === 'resource').flatMap((layer) => layer.steps);
    const allow = steps.find(({ effect, matched }) => effect === 'allow' && matched !== false);
    const denied = steps.some(({ effect, matched }) => effect === 'deny' && matched === true);
    const refused = evaluation.layers.some(
      ({ name, outcome }) => name === 'rcp' && (outcome === 'deny' || outcome === 'no-match'),
    );
    if (allow === undefined || denied || refused) continue;
    const open = allow.tests.condition?.result === 'unknown';
    const certainty = open ? 'conditional' : 'certain';
    const condition = allow.tests.condition;
    const administrator = gain.administration(role) !== null;
    yield {
      key: `aws-iam * role-open-to-anyone ${role.arn}`,
      system: 'aws-iam',
      subject: { type: 'anonymous', id: '*' },
      kind: 'public-access',
      technique: 'role-open-to-anyone',
      title: 'Assume a role that trusts everybody',
      gives: administrator ? 'everything' : 'more',
      certainty,
      targets: [{ type: 'role', id: role.arn }],
      targetCount: 1,
      steps: [
        {
          action: 'sts:AssumeRole',
          resource: role.arn,
          certainty,
          path: [{ from: '*', to: role.arn, kind: 'assumes', ref: allow.ref }],
          policies: [allow.ref],
          ...(open && condition !== undefined ? { condition } : null),
        },
      ],
      chain: [{ from: '*', to: role.arn, kind: 'assumes', ref: allow.ref }],
      conditions: open && condition !== undefined ? [`sts:AssumeRole: ${condition.expr}`] : [],
      assumptions: [],
      tags: ['attack.t1078.004', 'attack.t1199', 'owasp-nhi.4', 'nist-csf.pr.aa-05'],
      summary: `Everybody who has an account of AWS can assume ${role.arn}${under(certainty)}.`,
    };
  }
}

/** An account that AWS keeps for examples: a stranger. */
const someAccount = '999999999999';

function finish(entity: IamEntity, path: Omit<AccessPath, 'key' | 'system' | 'subject'>): AccessPath {
  const account = parseArn(entity.arn)?.account ?? '';
  return {
    key: `aws-iam ${entity.arn} ${path.technique}`,
    system: 'aws-iam',
    subject: { type: entity.kind, id: entity.arn, account },
    ...path,
  };
}

function conditionsOf(steps: readonly AccessPathStep[]): string[] {
  return steps.flatMap(({ action, condition }) =>
    condition === undefined ? [] : [`${action}: ${condition.expr}`],
  );
}

function under(certainty: AccessPath['certainty']): string {
  if (certainty === 'certain') return '';
  return certainty === 'conditional'
    ? ', under conditions'
    : ', as far as policies that are not in the bundle let it';
}

function nameOf({ kind, name }: IamEntity): string {
  return `${kind} ${name}`;
}
