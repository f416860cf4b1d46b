import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { PolicyEffect, ReadChange } from '../../../domain/policy-change.ts';
import { conditionOf, texts } from '../bundle/policies.ts';
import { canonicalName } from '../names.ts';
import {
  definitionName,
  denyingName,
  denyPolicyName,
  memberName,
  membersPrefix,
  unnamedMembers,
} from './names.ts';

/** Finds the events of which some change policies. */
export const changeQuery =
  'format:gcp-audit outcome:(allow OR unknown) operation:(*SetIamPolicy OR *setIamPolicy OR *SetIAMPolicy OR ' +
  '*setIamPermissions OR *.CreateRole OR *.UpdateRole OR *.DeleteRole OR *.UndeleteRole OR *.Policies.CreatePolicy OR ' +
  '*.Policies.UpdatePolicy OR *.Policies.DeletePolicy)';

type Change = ReturnType<ReadChange>;

/**
 * What a call changed of allow policies, roles and deny policies. The delta names every member that was added or
 * taken away; without one the policy that was written stands in the request or in the answer.
 * Sources: https://cloud.google.com/logging/docs/reference/audit/iam/rest/Shared.Types/AuditData (PolicyDelta),
 * https://cloud.google.com/iam/docs/audit-logging
 */
export const readChange: ReadChange = (event, entry) => {
  const payload = objectAt(entry, 'protoPayload');
  const code = Number(textAt(objectAt(payload, 'status'), 'code') ?? 0);
  const operation = event.operation ?? '';
  if (payload === undefined || code !== 0) return null;
  if (/set_?iam_?(?:policy|permissions)$/i.test(operation)) return allowChange(entry, payload);
  const [, role] = /\.(Create|Update|Delete|Undelete)Role$/.exec(operation) ?? [];
  if (role !== undefined) return roleChange(role, payload);
  const [, deny] = /\.Policies\.(Create|Update|Delete)Policy$/.exec(operation) ?? [];
  return deny === undefined ? null : denyChange(deny, payload);
};

function allowChange(entry: JsonObject, payload: JsonObject): Change {
  const node = nodeOf(entry, payload);
  if (node === null)
    return { effects: [], unclear: 'The log does not name the resource whose policy was written.' };
  const delta = [objectAt(payload, 'serviceData'), objectAt(payload, 'metadata')]
    .map((holder) => objectAt(holder, 'policyDelta'))
    .find((found) => found !== undefined);
  if (delta !== undefined) {
    const effects = arrayAt(delta, 'bindingDeltas').flatMap((item) => deltaEffect(node, item));
    return effects.length === 0 ? null : { effects };
  }
  const [request, response] = [objectAt(payload, 'request'), objectAt(payload, 'response')];
  const mask = textAt(request, 'updateMask');
  if (mask !== null && !mask.includes('bindings')) return null;
  const written = Array.isArray(response?.['bindings']) ? response : objectAt(request, 'policy');
  if (written === undefined) {
    const why = 'Its policy was replaced, and the log does not tell by what.';
    const prefix = membersPrefix(node);
    return {
      effects: [
        { kind: 'lose', element: unnamedMembers(node), why },
        { kind: 'sweep', prefix, why },
      ],
    };
  }
  return { effects: [{ kind: 'replace', prefix: membersPrefix(node), values: membersOf(node, written) }] };
}

/** The call writes a policy whole, and the delta is how it differs: what was added was not there before. */
function deltaEffect(node: string, item: Json): PolicyEffect[] {
  if (!isObject(item)) return [];
  const [role, member] = [textAt(item, 'role'), textAt(item, 'member')];
  if (role === null || member === null) return [];
  const element = memberName({ node, role, condition: conditionOf(item['condition']), member });
  if (item['action'] === 'ADD') return [{ kind: 'set', element, value: true, fresh: true }];
  return item['action'] === 'REMOVE' ? [{ kind: 'unset', element }] : [];
}

function membersOf(node: string, policy: JsonObject): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const binding of arrayAt(policy, 'bindings').filter(isObject)) {
    const role = textAt(binding, 'role');
    if (role === null) continue;
    const condition = conditionOf(binding['condition']);
    for (const member of texts(binding['members']))
      values[memberName({ node, role, condition, member })] = true;
  }
  return values;
}

/** The resource as a bundle names it; the entry's labels tell ids where the name has numbers. */
function nodeOf(entry: JsonObject, payload: JsonObject): string | null {
  const resource = objectAt(entry, 'resource');
  const labels = objectAt(resource, 'labels');
  const project = textAt(labels, 'project_id');
  const name =
    textAt(payload, 'resourceName') ??
    textAt(objectAt(payload, 'request'), 'resource') ??
    (textAt(resource, 'type') === 'project' && project !== null ? `projects/${project}` : null);
  if (name === null) return null;
  const aliases = new Map<string, string>();
  const [top, id] = name.replace(/^\/\/[^/]+\//, '').split('/');
  const isNumber = top === 'projects' && /^\d+$/.test(id ?? '');
  if (isNumber && project !== null) aliases.set(`projects/${id}`, `projects/${project}`);
  const [account, mail] = [
    textAt(labels, 'unique_id') ?? /serviceAccounts\/(\d+)/.exec(name)?.[1],
    textAt(labels, 'email_id'),
  ];
  if (account !== undefined && mail !== null) aliases.set(`serviceAccounts/${account}`, mail);
  // A project that is named by its id alone.
  const full = name.includes('/') ? name : `projects/${name}`;
  return canonicalName(full, textAt(payload, 'serviceName'), aliases);
}

function roleChange(verb: string, payload: JsonObject): Change {
  const [request, response] = [objectAt(payload, 'request'), objectAt(payload, 'response')];
  const sent = objectAt(request, 'role');
  const [parent, id] = [textAt(request, 'parent'), textAt(request, 'roleId')];
  const made = parent === null || id === null ? null : `${parent}/roles/${id}`;
  const name = textAt(response, 'name') ?? textAt(request, 'name') ?? made ?? textAt(payload, 'resourceName');
  if (name?.includes('roles/') !== true) return { effects: [], unclear: 'The log does not name the role.' };
  const element = definitionName(name);
  if (verb === 'Delete' || verb === 'Undelete') {
    const patch = { deleted: verb === 'Delete' ? true : null };
    return { effects: [{ kind: 'patch', element, form: 'merge', patch }] };
  }
  const fresh = verb === 'Create' ? ({ fresh: true } as const) : {};
  const permissions = [response, sent].map((each) => each?.['includedPermissions']).find(Array.isArray);
  if (permissions === undefined) {
    const mask = textAt(request, 'updateMask');
    if (mask !== null && !/permission|stage/i.test(mask)) return null;
    const why = 'The role was written, and the log does not tell its permissions.';
    return { effects: [{ kind: 'lose', element, why, ...fresh }] };
  }
  const isDisabled = [response, sent].some((each) => each?.['stage'] === 'DISABLED');
  const value = {
    includedPermissions: texts(permissions).toSorted(),
    ...(isDisabled ? { deleted: true } : {}),
  };
  return { effects: [{ kind: 'set', element, value, ...fresh }] };
}

/** Long operations: what was asked stands in the first entry. */
function denyChange(verb: string, payload: JsonObject): Change {
  const request = objectAt(payload, 'request');
  const policy = objectAt(request, 'policy');
  const [parent, id] = [textAt(request, 'parent'), textAt(request, 'policyId')];
  const made = parent === null || id === null ? null : `${parent}/${id}`;
  const name = textAt(policy, 'name') ?? textAt(request, 'name') ?? made;
  if (name === null) return null;
  const element = denyingName(denyPolicyName(name));
  if (verb === 'Delete') return { effects: [{ kind: 'unset', element }] };
  const fresh = verb === 'Create' ? ({ fresh: true } as const) : {};
  if (!Array.isArray(policy?.['rules'])) {
    const why = 'The deny policy was written, and the log does not tell its rules.';
    return { effects: [{ kind: 'lose', element, why, ...fresh }] };
  }
  return { effects: [{ kind: 'set', element, value: { rules: arrayAt(policy, 'rules') }, ...fresh }] };
}
