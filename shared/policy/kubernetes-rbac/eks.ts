import { parse } from 'yaml';
import { type Json, type JsonObject, arrayAt, isObject, objectAt, textAt } from '../../domain/json.ts';
import type { BundleProblem } from '../../domain/policy-system.ts';
import type { PolicyRef } from '../../domain/trace.ts';
import type { ManifestObject } from './documents.ts';

/** An AWS identity that a cluster of EKS knows, with what it is there. */
export interface AwsMapping {
  readonly from: 'aws-auth' | 'access-entry';
  /** ARN of a user or role; of a role it may lack the path. */
  readonly principal: string;
  /** Null where the cluster makes it up for each session. */
  readonly username: string | null;
  readonly groups: readonly string[];
  /** Access policies of AWS, with the namespaces that each is limited to; null for the whole cluster. */
  readonly policies: readonly { readonly arn: string; readonly namespaces: readonly string[] | null }[];
  readonly ref: PolicyRef;
}

export const authNamespace = 'kube-system';
export const authName = 'aws-auth';

/**
 * AWS identities of a bundle's clusters: the ConfigMap `aws-auth` of `kube-system` (EKS User Guide, “Grant IAM users
 * access to Kubernetes with a ConfigMap”), and what `aws eks describe-access-entry` and
 * `list-associated-access-policies` print.
 */
export function readAwsMappings(
  objects: readonly ManifestObject[],
  problems: BundleProblem[],
): readonly AwsMapping[] {
  const found: AwsMapping[] = [];
  for (const object of objects) {
    const { value } = object;
    if (value['kind'] === 'ConfigMap') found.push(...ofConfigMap(object, problems));
    else if (isObject(value['accessEntry'])) found.push(...ofEntry(object, value['accessEntry']));
    else if (Array.isArray(value['associatedAccessPolicies'])) found.push(...ofPolicies(object));
  }
  return found;
}

const lists = { mapRoles: 'rolearn', mapUsers: 'userarn' } as const;

function* ofConfigMap(
  { value, path, locate }: ManifestObject,
  problems: BundleProblem[],
): Generator<AwsMapping> {
  const metadata = objectAt(value, 'metadata');
  if (metadata?.['name'] !== authName || metadata['namespace'] !== authNamespace) return;
  for (const [list, key] of Object.entries(lists)) {
    const text = textAt(objectAt(value, 'data'), list);
    if (text === null) continue;
    const locator = locate(['data', list]);
    const entries = readList(text);
    if (entries === null) {
      problems.push({
        severity: 'error',
        path,
        locator,
        message: `${list} of aws-auth is no list; it is not used.`,
      });
      continue;
    }
    for (const [index, entry] of entries.entries()) {
      const principal = isObject(entry) ? textAt(entry, key) : null;
      if (principal === null || !isObject(entry)) continue;
      yield {
        from: 'aws-auth',
        principal,
        username: plainName(textAt(entry, 'username')),
        groups: arrayAt(entry, 'groups').filter((group) => typeof group === 'string'),
        policies: [],
        ref: { path, locator, policyId: `ConfigMap ${authNamespace}/${authName}`, index },
      };
    }
  }
}

/** YAML within YAML. The library's guard against alias bombs throws; what it throws at is no list. */
function readList(text: string): readonly Json[] | null {
  try {
    const value: unknown = parse(text, { maxAliasCount: 20 });
    if (value === null) return [];
    return Array.isArray(value) ? (value as readonly Json[]) : null;
  } catch {
    return null;
  }
}

/** A name with a placeholder in it is another for every session. */
function plainName(name: string | null): string | null {
  return name === null || name.includes('{{') ? null : name;
}

function* ofEntry({ path, locate }: ManifestObject, entry: JsonObject): Generator<AwsMapping> {
  const principal = textAt(entry, 'principalArn');
  if (principal === null) return;
  yield {
    from: 'access-entry',
    principal,
    username: plainName(textAt(entry, 'username')),
    groups: arrayAt(entry, 'kubernetesGroups').filter((group) => typeof group === 'string'),
    policies: [],
    ref: { path, locator: locate(['accessEntry']), policyId: `access entry of ${principal}` },
  };
}

function* ofPolicies({ value, path, locate }: ManifestObject): Generator<AwsMapping> {
  const principal = textAt(value, 'principalArn');
  if (principal === null) return;
  const policies = arrayAt(value, 'associatedAccessPolicies').flatMap((policy) => {
    const arn = isObject(policy) ? textAt(policy, 'policyArn') : null;
    if (arn === null || !isObject(policy)) return [];
    const scope = objectAt(policy, 'accessScope');
    const isWhole = textAt(scope, 'type') === 'cluster';
    const namespaces = arrayAt(scope ?? {}, 'namespaces').filter((name) => typeof name === 'string');
    return [{ arn, namespaces: isWhole ? null : namespaces }];
  });
  yield {
    from: 'access-entry',
    principal,
    username: null,
    groups: [],
    policies,
    ref: { path, locator: locate(['associatedAccessPolicies']), policyId: `access entry of ${principal}` },
  };
}
