import { isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { PolicyEffect, ReadChange } from '../../../domain/policy-change.ts';
import { essence } from './objects.ts';

/** Finds the events of which some change policies. */
export const changeQuery =
  'format:kubernetes-audit outcome:allow operation:(create OR update OR patch OR delete OR deletecollection) ' +
  'resource.id:*rbac.authorization.k8s.io*';

const kinds: Readonly<Record<string, string>> = {
  roles: 'Role',
  clusterroles: 'ClusterRole',
  rolebindings: 'RoleBinding',
  clusterrolebindings: 'ClusterRoleBinding',
};

const unlogged = 'The audit policy logs such requests without their content.';

/**
 * What a request to the API server changed of roles and bindings. The answer holds the whole object where the audit
 * level is RequestResponse; at Request there is what was sent, at Metadata only that something was.
 * Sources: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/,
 * https://kubernetes.io/docs/reference/using-api/api-concepts/ (patches, dry run, deleting collections)
 */
export const readChange: ReadChange = (event, record) => {
  const call = callOf(record);
  const kind = Object.hasOwn(kinds, call.resource) ? kinds[call.resource] : undefined;
  if (kind === undefined || call.hasSubresource || !call.hasSucceeded || call.isDryRun) return null;
  const verb = event.operation ?? '';
  if (verb === 'deletecollection') return { effects: [sweep(kind, call)] };
  const named = call.answer ?? call.sent;
  const name = textAt(objectAt(named, 'metadata'), 'name') ?? call.name;
  if (name === null) return { effects: [], unclear: `The log does not name the ${kind} that was written.` };
  const element = kind.startsWith('Cluster')
    ? `${kind} ${name}`
    : `${kind} ${call.namespace ?? 'default'}/${name}`;
  const effect = effectOf(verb, element, kind, call);
  return effect === null ? null : { effects: [effect] };
};

interface Call {
  readonly resource: string;
  readonly name: string | null;
  readonly namespace: string | null;
  readonly hasSubresource: boolean;
  readonly hasSucceeded: boolean;
  readonly isDryRun: boolean;
  readonly uri: string;
  readonly body: Json | undefined;
  /** The object that was sent, and the one that the server answered with. */
  readonly sent: JsonObject | undefined;
  readonly answer: JsonObject | undefined;
}

/** GKE's entries have the same under other names. */
function callOf(record: JsonObject): Call {
  const proto = objectAt(record, 'protoPayload');
  const reference =
    proto === undefined ? objectAt(record, 'objectRef') : pathOf(textAt(proto, 'resourceName'));
  const body = proto === undefined ? record['requestObject'] : proto['request'];
  const answer = proto === undefined ? objectAt(record, 'responseObject') : objectAt(proto, 'response');
  const code = Number(textAt(objectAt(record, 'responseStatus'), 'code') ?? '0');
  const status = Number(textAt(objectAt(proto, 'status'), 'code') ?? '0');
  const uri = textAt(record, 'requestURI') ?? '';
  return {
    resource: textAt(reference, 'resource') ?? '',
    name: textAt(reference, 'name'),
    namespace: textAt(reference, 'namespace'),
    hasSubresource: textAt(reference, 'subresource') !== null,
    hasSucceeded: proto === undefined ? code >= 200 && code < 300 : status === 0,
    isDryRun: /[?&]dryRun=/.test(uri),
    uri,
    body,
    sent: isObject(body) ? body : undefined,
    answer: answer !== undefined && isRole(answer) ? answer : undefined,
  };
}

/** `rbac.authorization.k8s.io/v1/namespaces/shop/roles/reader` */
function pathOf(path: string | null): JsonObject | undefined {
  if (path?.startsWith('rbac.authorization.k8s.io/') !== true) return undefined;
  const parts = path.split('/').slice(2);
  const isWithin = parts[0] === 'namespaces' && parts.length > 2;
  const [resource = '', name = '', subresource = ''] = isWithin ? parts.slice(2) : parts;
  return { resource, name, subresource, namespace: isWithin ? (parts[1] ?? '') : '' };
}

function isRole(answer: JsonObject): boolean {
  return textAt(objectAt(answer, 'metadata'), 'name') !== null && textAt(answer, 'kind') !== 'Status';
}

function effectOf(verb: string, element: string, kind: string, call: Call): PolicyEffect | null {
  const whole = (object: JsonObject): Json => essence(completed(object, kind, element));
  switch (verb) {
    case 'create': {
      const object = call.answer ?? call.sent;
      return object === undefined
        ? { kind: 'lose', element, why: `It was created. ${unlogged}`, fresh: true }
        : { kind: 'set', element, value: whole(object), fresh: true };
    }
    case 'update': {
      const object = call.answer ?? call.sent;
      return object === undefined
        ? { kind: 'lose', element, why: `It was replaced. ${unlogged}` }
        : { kind: 'set', element, value: whole(object) };
    }
    case 'patch':
      return call.answer === undefined
        ? patchEffect(element, call)
        : { kind: 'set', element, value: whole(call.answer) };
    case 'delete':
      return { kind: 'unset', element };
    default:
      return null;
  }
}

/** An object as it is sent may leave out its kind, which the path tells. */
function completed(object: JsonObject, kind: string, element: string): JsonObject {
  const path = element.slice(element.indexOf(' ') + 1);
  const slash = kind.startsWith('Cluster') ? -1 : path.indexOf('/');
  return {
    ...object,
    kind,
    metadata: {
      ...objectAt(object, 'metadata'),
      name: path.slice(slash + 1),
      ...(slash < 0 ? {} : { namespace: path.slice(0, slash) }),
    },
  };
}

/**
 * The audit log does not tell the kind of a patch. A list is a JSON patch; an object is a merge patch, and for roles
 * and bindings a strategic one does the same, because their lists are replaced as a whole, unless it has directives.
 * What is applied on the server replaces the lists that it has; one that it leaves out may have been taken away.
 */
function patchEffect(element: string, { body, sent, uri }: Call): PolicyEffect {
  if (Array.isArray(body)) return { kind: 'patch', element, form: 'json', patch: body };
  if (sent === undefined) return { kind: 'lose', element, why: `It was patched. ${unlogged}` };
  if (hasDirective(sent)) {
    return { kind: 'lose', element, why: 'It was patched with directives, whose result is not in the log.' };
  }
  const list = element.includes('Binding ') ? 'subjects' : 'rules';
  const isApplied =
    sent['kind'] !== undefined && sent['apiVersion'] !== undefined && uri.includes('fieldManager=');
  if (isApplied && sent[list] === undefined) {
    return { kind: 'lose', element, why: `It was applied without ${list}, which may have taken them away.` };
  }
  return { kind: 'patch', element, form: 'merge', patch: relevant(sent) };
}

function hasDirective(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some(hasDirective);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, member]) => key.startsWith('$') || hasDirective(member ?? null));
}

/** Of a patch what decides. */
function relevant(patch: JsonObject): Json {
  const { rules, subjects, roleRef, aggregationRule } = patch;
  const labels = objectAt(patch, 'metadata')?.['labels'];
  return {
    ...(rules === undefined ? {} : { rules }),
    ...(subjects === undefined ? {} : { subjects }),
    ...(roleRef === undefined ? {} : { roleRef }),
    ...(aggregationRule === undefined ? {} : { aggregationRule }),
    ...(labels === undefined ? {} : { metadata: { labels } }),
  };
}

function sweep(kind: string, { namespace, uri }: Call): PolicyEffect {
  const prefix = kind.startsWith('Cluster') ? `${kind} ` : `${kind} ${namespace ?? 'default'}/`;
  return /[?&](?:label|field)Selector=/.test(uri)
    ? { kind: 'sweep', prefix, why: 'Those that a selector chose were deleted; which these are is not told.' }
    : { kind: 'sweep', prefix };
}
