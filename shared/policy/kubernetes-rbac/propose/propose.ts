import { clusterResource } from '../../../domain/cluster-resource.ts';
import type {
  ObservedUse,
  ProposalCheck,
  ProposalMargin,
  ProposalQuestion,
  SystemProposal,
} from '../../../domain/proposal.ts';
import { isReadVerb } from '../../../domain/usage.ts';
import { resourceAttributes, splitResource } from '../attributes.ts';
import { Cluster } from '../cluster.ts';
import { decide } from '../decide.ts';
import { decodeManifests } from '../decode.ts';
import { readObjects } from '../documents.ts';
import { covers, matchRules } from '../grant.ts';
import { all } from '../match.ts';
import type { PolicyRule } from '../model.ts';
import { userOf } from '../user.ts';
import { type HeldGrant, UserView } from '../view.ts';
import { manifestText, type ProposedRule } from './manifests.ts';

/** A request of the log, as RBAC asks. Namespace and name are empty where there is none. */
interface Asked {
  readonly use: ObservedUse;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Set where it is for a path that is no resource. */
  readonly url: string | null;
}

const reading = ['get', 'list', 'watch'];

/**
 * Roles in place of those that a subject is bound to now: one for each namespace in which it did something, and a
 * ClusterRole for what lies in none. Null where the bundle binds nothing to the subject.
 */
export function proposeRoles(cluster: Cluster, question: ProposalQuestion): SystemProposal | null {
  const { subject, observed, margin } = question;
  const view = viewOf(cluster, subject);
  if (view === null) return null;
  const rules: ProposedRule[] = [];
  const kept = new Set<string>();
  const unexplained: ProposalCheck[] = [];
  const asked = observed.map(askedOf);
  for (const one of asked) {
    const found = ruleFor(view, one, margin);
    if (found === null) {
      const { action, resource, events } = one.use;
      unexplained.push({ action, resource, events, why: 'No binding that names the subject allows it.' });
    } else rules.push(found);
  }
  if (margin.unseen) rules.push(...unseenRules(view, question, kept));
  const text = manifestText(subject, rules);
  const proposed = viewOf(clusterOf(rules, subject), subject);
  const broken = asked.flatMap((one) => {
    if (
      unexplained.some(({ action, resource }) => action === one.use.action && resource === one.use.resource)
    )
      return [];
    const { action, resource, events } = one.use;
    return proposed !== null && isAllowed(proposed, one)
      ? []
      : [{ action, resource, events, why: 'The proposal does not allow it.' }];
  });
  return {
    policies: [{ name: `${subject}-proposed`, language: 'yaml', text }],
    kept: [...kept].toSorted(),
    broken,
    unexplained,
    notes: ['It takes the place of the bindings that name the subject; what its groups have stays.'],
  };
}

interface View {
  readonly cluster: Cluster;
  readonly view: UserView;
  /** Grants whose bindings name the subject itself. */
  readonly own: (namespace: string) => readonly HeldGrant[];
}

function viewOf(cluster: Cluster, subject: string): View | null {
  const user = userOf({ type: 'user', id: subject });
  if (typeof user === 'string') return null;
  const view = new UserView(cluster, user);
  const own = (namespace: string): readonly HeldGrant[] =>
    [...view.cluster.held, ...(namespace === '' ? [] : view.namespace(namespace).held)].filter(isOwn);
  const isBound = cluster.grants.some((grant) => view.holds(grant));
  return isBound ? { cluster, view, own } : null;
}

function askedOf(use: ObservedUse): Asked {
  const path = use.resource === null ? 'url:' : clusterResource(use.resource);
  const none = { use, verb: use.action, group: '', resource: '', namespace: '', name: '' };
  if (path.startsWith('url:')) return { ...none, url: path.slice('url:'.length) };
  const [namespace = '', type = '', ...name] = path.split(':');
  const slash = type.indexOf('/');
  const group = type.slice(0, slash);
  return {
    ...none,
    group: group === 'core' ? '' : group,
    resource: type.slice(slash + 1),
    namespace: namespace === '-' ? '' : namespace,
    // The log adds the name of what a request creates; RBAC has not seen it.
    name: use.action === 'create' && !type.slice(slash + 1).includes('/') ? '' : name.join(':'),
    url: null,
  };
}

/** The narrowest rule of the margin that the present grants have for a request; null where they have none. */
function ruleFor({ own }: View, asked: Asked, margin: ProposalMargin): ProposedRule | null {
  const { verb, group, resource, namespace, name, url } = asked;
  const attributes = attributesOf(asked);
  const held = own(namespace).filter(({ grant }) =>
    covers(grant, matchRules(grant.rules, attributes), attributes),
  );
  // What is held in the namespace alone before what is held everywhere.
  const [first] = held.toSorted(
    (one, other) =>
      Number(one.grant.binding.namespace === null) - Number(other.grant.binding.namespace === null),
  );
  if (first === undefined) return null;
  if (url !== null)
    return { namespace: null, verbs: [verb], urls: [url], group: '', resource: '', names: null };
  const scope =
    margin.resources === 'granted' ? first.grant.binding.namespace : namespace === '' ? null : namespace;
  const whole = (other: string): boolean => {
    const unnamed = resourceAttributes({ ...parts(asked), verb: other, name: '' });
    return held.some(({ grant }) => matchRules(grant.rules, unnamed).covering.length > 0);
  };
  const reads =
    margin.reads && isReadVerb(verb) ? reading.filter((other) => other === verb || whole(other)) : [verb];
  const exact = margin.resources === 'exact' || !whole(verb);
  const names = exact && name !== '' ? [name] : null;
  // A request that lists all cannot be limited to names.
  const verbs = names === null ? reads : [verb];
  return { namespace: scope, verbs, group, resource, names, urls: [] };
}

function parts({ group, resource, namespace }: Asked) {
  const { resource: plain, subresource } = splitResource(resource);
  return { apiGroup: group, resource: plain, subresource, namespace };
}

function attributesOf(asked: Asked) {
  const { verb, name, url } = asked;
  if (url !== null) return { kind: 'url', verb, url } as const;
  return resourceAttributes({ ...parts(asked), verb, name });
}

function isAllowed({ cluster, view }: View, asked: Asked): boolean {
  return decide(cluster, view, attributesOf(asked)).allowed;
}

/** Rules of the present grants, taken apart, whose use the log would not show. Rules of wildcards are not kept. */
function unseenRules(
  { cluster, view }: View,
  { isUnseen }: ProposalQuestion,
  kept: Set<string>,
): ProposedRule[] {
  const found: ProposedRule[] = [];
  const spaces = [...cluster.grantsByNamespace.keys()].flatMap((name) => view.namespace(name).held);
  for (const held of [...view.cluster.held, ...spaces]) {
    if (!isOwn(held)) continue;
    const { namespace } = held.grant.binding;
    for (const { rule } of held.grant.rules) {
      for (const part of partsOf(rule)) {
        const type = `${part.group === '' ? 'core' : part.group}/${part.resource}`;
        if (!isUnseen(part.verb, `${namespace ?? '*'}:${type}:*`)) continue;
        kept.add(`${part.verb} ${type}`);
        const names = rule.resourceNames.length === 0 ? null : rule.resourceNames;
        found.push({
          namespace,
          verbs: [part.verb],
          group: part.group,
          resource: part.resource,
          names,
          urls: [],
        });
      }
    }
  }
  return found;
}

function partsOf({ verbs, apiGroups, resources }: PolicyRule) {
  return verbs
    .flatMap((verb) => apiGroups.flatMap((group) => resources.map((resource) => ({ verb, group, resource }))))
    .filter((part) => part.verb !== all && part.group !== all && part.resource !== all);
}

/** By a binding that names the subject, not one of its groups. */
function isOwn({ subject }: HeldGrant): boolean {
  return !subject.startsWith('Group ');
}

function clusterOf(rules: readonly ProposedRule[], subject: string): Cluster {
  const text = manifestText(subject, rules);
  const file = { path: 'proposal.yaml', text, bytes: new Uint8Array() };
  return new Cluster(decodeManifests(readObjects({ kind: 'files', files: [file] }, []), []));
}
