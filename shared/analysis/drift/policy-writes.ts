import type { ChangeCause, PermissionChange } from '#shared/domain/drift.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';

/** An event that changed policies, and everything that it names: a change is explained where all of it is concerned. */
export interface PolicyWrite {
  readonly cause: ChangeCause;
  readonly micros: number;
  readonly names: readonly string[];
}

/** Queries for the events that can change what each policy system decides. */
export const policyWriteQueries: Readonly<Record<string, string>> = {
  'aws-iam':
    'format:aws-cloudtrail outcome:allow service:iam operation:(Put*Policy OR Delete*Policy OR Attach*Policy OR ' +
    'Detach*Policy OR CreatePolicyVersion OR SetDefaultPolicyVersion OR DeletePolicyVersion OR AddUserToGroup OR ' +
    'RemoveUserFromGroup OR CreateUser OR DeleteUser OR CreateRole OR DeleteRole OR CreateGroup OR DeleteGroup OR ' +
    '*PermissionsBoundary OR UpdateAssumeRolePolicy)',
  'kubernetes-rbac':
    'format:kubernetes-audit outcome:allow operation:(create OR update OR patch OR delete) resource.id:*rbac.authorization.k8s.io*',
};

/** What an event of those queries wrote; null where it names nothing. */
export function policyWriteOf(event: AccessEvent, record: JsonObject): PolicyWrite | null {
  const names = event.format === 'kubernetes-audit' ? clusterNames(record) : accountNames(record);
  if (names.length === 0) return null;
  return {
    cause: {
      event: event.id,
      time: event.time,
      actor: event.subject.id ?? event.subject.name,
      session: event.session?.id ?? event.session?.name ?? null,
      ip: event.ip,
      operation: event.operation,
    },
    micros: Date.parse(event.time) * 1000,
    names,
  };
}

/** IAM API Reference: the parameters that name what a call changes. */
function accountNames(record: JsonObject): string[] {
  const parameters = objectAt(record, 'requestParameters');
  return ['userName', 'roleName', 'groupName', 'policyName', 'policyArn'].flatMap((key) => {
    const name = textAt(parameters, key);
    return name === null ? [] : [name];
  });
}

const kinds: Readonly<Record<string, string>> = {
  roles: 'Role',
  clusterroles: 'ClusterRole',
  rolebindings: 'RoleBinding',
  clusterrolebindings: 'ClusterRoleBinding',
};

function clusterNames(record: JsonObject): string[] {
  const object = objectAt(record, 'objectRef');
  const kind = kinds[textAt(object, 'resource') ?? ''];
  const metadata = objectAt(objectAt(record, 'requestObject'), 'metadata');
  const name = textAt(object, 'name') ?? textAt(metadata, 'name');
  const namespace = textAt(object, 'namespace');
  if (kind === undefined || name === null) return [];
  return [`${kind} ${namespace === null ? '' : `${namespace}/`}${name}`];
}

/** The changes with the events that explain them, latest first. */
export function attribute(
  changes: readonly PermissionChange[],
  writes: readonly PolicyWrite[],
): PermissionChange[] {
  const latestFirst = writes.toSorted((one, other) => other.micros - one.micros);
  return changes.map((change) => {
    const concerned = namesOf(change);
    const causes = latestFirst.filter(({ names }) => names.every((name) => concerned.has(name)));
    return { ...change, attribution: causes.map(({ cause }) => cause) };
  });
}

/**
 * Everything that a change goes through: subject, groups, roles, bindings, policies; ARNs by their last part, and inline policies by
 * their name, too.
 */
function namesOf({ subject, before, after }: PermissionChange): Set<string> {
  const names = new Set<string>();
  const add = (name: string): void => {
    names.add(name);
    if (!name.startsWith('arn:')) return;
    // `…user/ann#inline`: an inline policy is named by what holds it.
    const [holder = '', inline] = name.split('#');
    names.add(holder.slice(holder.lastIndexOf('/') + 1));
    if (inline !== undefined) names.add(inline);
  };
  add(subject.id);
  for (const side of [before, after]) {
    for (const { path, ref } of side?.grants ?? []) {
      add(ref.policyId);
      for (const edge of path) {
        add(edge.from);
        add(edge.to);
        if (edge.ref !== undefined) add(edge.ref.policyId);
      }
    }
    for (const limit of side?.limitedBy ?? []) add(limit.policyId);
  }
  return names;
}
