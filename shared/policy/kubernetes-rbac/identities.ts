import type { BundleIdentity } from '../../domain/bundle.ts';
import { clusterUserType } from '../../domain/cluster-user.ts';
import { identityEntry } from '../../domain/directory.ts';
import { objectAt, textAt } from '../../domain/json.ts';
import { alias, timeOf } from '../../util/directory-fields.ts';
import type { AwsMapping } from './eks.ts';
import { type Binding, type Manifests, type Subject, bindingLabel } from './model.ts';
import type { ManifestObject } from './documents.ts';

/** Bindings of one identity that are written out. */
const mostReasons = 8;

/**
 * Service accounts that manifests define, and users and service accounts that bindings name. Groups are no identities:
 * who is in one the cluster learns from whoever signs in.
 */
export function identitiesOf(
  { bindings }: Manifests,
  objects: readonly ManifestObject[],
  mappings: readonly AwsMapping[],
): Iterable<BundleIdentity> {
  const found = new Map<string, BundleIdentity & { readonly reasons: string[] }>();
  for (const object of objects) {
    const account = definedAccount(object);
    if (account !== null) found.set(account.value.id, account);
  }
  for (const binding of bindings) {
    for (const subject of binding.subjects) {
      const id = nameOf(subject, binding);
      if (id === null) continue;
      const reason = `Bound by ${bindingLabel(binding)} to ${binding.roleRef.kind} ${binding.roleRef.name}.`;
      const known = found.get(id);
      if (known === undefined) {
        const { path, locator } = binding.ref;
        const value = namedUser(id);
        found.set(id, { value, realm: 'kubernetes', isDefined: false, reasons: [reason], path, locator });
      } else if (known.reasons.length < mostReasons && !known.reasons.includes(reason)) {
        known.reasons.push(reason);
      }
    }
  }
  for (const mapping of mappings) {
    const value = awsUser(mapping);
    const known = found.get(value.id);
    const reason = reasonOf(mapping);
    const { path, locator } = mapping.ref;
    if (known === undefined)
      found.set(value.id, { value, realm: 'aws', isDefined: false, reasons: [reason], path, locator });
    else if (known.reasons.length < mostReasons && !known.reasons.includes(reason))
      known.reasons.push(reason);
  }
  return found.values();
}

function awsUser({ principal }: AwsMapping): BundleIdentity['value'] {
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1] ?? null;
  const type = principal.includes(':user/') ? 'user' : 'role';
  const name = principal.slice(principal.lastIndexOf('/') + 1);
  const aliases = [...alias('arn', principal), ...alias('name', `${type}/${name}`)];
  return identityEntry({ id: principal, type, authority: account, name, aliases });
}

function reasonOf({ from, groups, username, policies }: AwsMapping): string {
  const by = from === 'aws-auth' ? 'aws-auth' : 'an access entry';
  const as = [
    ...groups.map((group) => `group ${group}`),
    ...(username === null ? [] : [`user ${username}`]),
    ...policies.map(({ arn }) => arn.slice(arn.lastIndexOf('/') + 1)),
  ];
  return `In the cluster by ${by}${as.length === 0 ? '' : `, as ${as.join(', ')}`}.`;
}

/** The user name that a request of the subject bears. */
function nameOf({ kind, name, namespace }: Subject, binding: Binding): string | null {
  if (kind === 'User') return name;
  const home = namespace ?? binding.namespace;
  return kind === 'ServiceAccount' && home !== null ? `system:serviceaccount:${home}:${name}` : null;
}

function namedUser(id: string): BundleIdentity['value'] {
  const type = clusterUserType(id);
  const name = type === 'workload' ? id.split(':').slice(2).join('/') || id : id;
  return identityEntry({ id, type, name, aliases: alias('name', id) });
}

function definedAccount({
  value,
  path,
  locate,
}: ManifestObject): (BundleIdentity & { readonly reasons: string[] }) | null {
  if (value['kind'] !== 'ServiceAccount') return null;
  const metadata = objectAt(value, 'metadata');
  const name = textAt(metadata, 'name');
  if (name === null) return null;
  // Without a namespace `kubectl apply` takes the current one, which is `default` unless somebody chose another.
  const namespace = textAt(metadata, 'namespace') ?? 'default';
  const id = `system:serviceaccount:${namespace}:${name}`;
  const notes = { ...objectAt(metadata, 'labels'), ...objectAt(metadata, 'annotations') };
  const owner = Object.keys(notes).find((key) => /(?:^|[/.])(?:owner|contact|responsible)$/i.test(key));
  const role = textAt(notes, 'eks.amazonaws.com/role-arn');
  return {
    value: identityEntry({
      id,
      type: 'workload',
      kind: 'workload',
      name: `${namespace}/${name}`,
      aliases: [...alias('immutable', metadata?.['uid']), ...alias('name', id)],
      status: 'active',
      created: timeOf(metadata?.['creationTimestamp']),
      owner: owner === undefined ? null : textAt(notes, owner),
    }),
    realm: 'kubernetes',
    isDefined: true,
    reasons: [
      `A service account of the namespace ${namespace}.`,
      ...(role === null ? [] : [`It can become ${role} in AWS.`]),
    ],
    path,
    locator: locate([]),
  };
}
