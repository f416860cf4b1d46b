import type { GrantPath, PolicyRef, Step } from '../../domain/trace.ts';
import type { Cluster } from './cluster.ts';
import { Findings } from './finding.ts';
import type { Grant } from './grant.ts';
import { accountKey, subjectKey, subjectLabel } from './model.ts';
import { type User, mastersGroup } from './user.ts';

/** A grant that reaches a user, with what a trace says of the two whatever is asked. */
export interface HeldGrant {
  readonly grant: Grant;
  /** The subject of the binding that the user is. */
  readonly subject: string;
  /** From the user to the role. */
  readonly via: GrantPath;
  /** The rules of the role that do not cover a request, in one step. */
  readonly restStep: Step;
}

/** The grants of one layer that reach the user. */
export interface Reach {
  readonly held: readonly HeldGrant[];
  /** The bindings that name other subjects, in one step; null where there are none. */
  readonly othersStep: Step | null;
}

/** Bindings that a step names before it only counts them. */
const mostNamed = 20;

/** A user as a cluster sees it. */
export class UserView {
  readonly user: User;
  readonly isMaster: boolean;
  readonly assumptions: readonly string[];
  readonly cluster: Reach;
  readonly findings: Findings;
  readonly #cluster: Cluster;
  readonly #reached: ReadonlyMap<Grant, string>;
  readonly #namespaces = new Map<string, Reach>();

  constructor(cluster: Cluster, user: User) {
    this.user = user;
    this.#cluster = cluster;
    this.isMaster = user.groups.includes(mastersGroup);
    this.assumptions =
      user.implied.length === 0
        ? []
        : [`The subject is in ${user.implied.join(', ')}, as the API server has it.`];
    this.#reached = reachedGrants(cluster, user);
    this.findings = new Findings(cluster.budget);
    this.cluster = this.#reach(cluster.clusterGrants, 'ClusterRoleBinding');
  }

  /** Whether a grant reaches the user. */
  holds(grant: Grant): boolean {
    return this.#reached.has(grant);
  }

  /** The grants of a namespace's RoleBindings. */
  namespace(name: string): Reach {
    let reach = this.#namespaces.get(name);
    if (reach === undefined) {
      reach = this.#reach(this.#cluster.grantsByNamespace.get(name) ?? [], 'RoleBinding');
      this.#namespaces.set(name, reach);
    }
    return reach;
  }

  #reach(grants: readonly Grant[], kind: string): Reach {
    const held: HeldGrant[] = [];
    const others: Grant[] = [];
    for (const grant of grants) {
      const subject = this.#reached.get(grant);
      if (subject === undefined) others.push(grant);
      else held.push(holdGrant(grant, subject, this.user));
    }
    return { held, othersStep: othersStep(others, kind) };
  }
}

/** Each grant that reaches the user, with the first of its subjects that the user is (`appliesTo`). */
function reachedGrants(cluster: Cluster, { name, groups }: User): ReadonlyMap<Grant, string> {
  const keys = new Set([`User ${name}`, ...groups.map((group) => `Group ${group}`), accountKey(name)]);
  const candidates = new Set([...keys].flatMap((key) => cluster.grantsTo(key)));
  const reached = new Map<Grant, string>();
  for (const grant of candidates) {
    const { subjects, namespace } = grant.binding;
    const subject = subjects.find((each) => keys.has(subjectKey(each, namespace) ?? ''));
    if (subject !== undefined) reached.set(grant, subjectLabel(subject, namespace));
  }
  return reached;
}

function holdGrant(grant: Grant, subject: string, { name }: User): HeldGrant {
  const { binding, label, roleEdge, roleLabel, role } = grant;
  const member = subject.startsWith('Group ')
    ? [{ from: name === '' ? 'the subject' : name, to: subject, kind: 'member-of' } as const]
    : [];
  const via: GrantPath = [
    ...member,
    { from: subject, to: label, kind: 'bound-to', ref: binding.ref },
    roleEdge,
  ];
  const ref: PolicyRef = role?.ref ?? binding.ref;
  const restStep: Step = {
    id: `${label}#rest`,
    ref,
    effect: 'allow',
    matched: false,
    via,
    note:
      role === null
        ? `${roleLabel} is not in the bundle: the binding gives nothing.`
        : `The other rules of ${roleLabel} do not cover the request.`,
    tests: { subject: { result: 'match', pattern: subject } },
  };
  return { grant, subject, via, restStep };
}

function othersStep(others: readonly Grant[], kind: string): Step | null {
  if (others.length === 0) return null;
  const names = others
    .slice(0, mostNamed)
    .map(({ binding: { namespace, name } }) => (namespace === null ? name : `${namespace}/${name}`));
  const more = others.length > mostNamed ? ` and ${others.length - mostNamed} more` : '';
  const counted = others.length === 1 ? `1 ${kind} names` : `${others.length} ${kind}s name`;
  return {
    id: `${kind}s#others`,
    ref: { path: '', locator: '', policyId: `${kind}s` },
    effect: 'allow',
    matched: false,
    note: `${counted} other subjects: ${names.join(', ')}${more}.`,
    tests: { subject: { result: 'no-match', pattern: 'the subjects of these bindings' } },
  };
}
