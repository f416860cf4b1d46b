import type { AccessEvent } from '#shared/domain/event.ts';
import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { AttributeSource, RecordedDetail } from '#shared/domain/trace.ts';
import { Attributes } from './attributes.ts';
import type { MappedRequest, Mapping } from './mapping.ts';

const system = 'cerbos';

/**
 * The question that Cerbos answered, out of the one input that the event is about: principal and resource with their
 * attributes as recorded, and the claims of a token that it verified. The settings of the server are in no log: globals
 * are unknown, and the default version and scope are those of the policy that decided.
 * Files of the server hold a request whole; what came through Cerbos Hub may have been masked, without a mark.
 * Source: https://docs.cerbos.dev/cerbos/latest/configuration/audit
 */
export function mapCerbos(event: AccessEvent, entry: JsonObject): Mapping {
  const [input] = arrayAt(objectAt(entry, 'checkResources'), 'inputs');
  if (!isObject(input) || event.action === null) {
    return unmapped(
      event.operation === 'PlanResources'
        ? 'A plan is a filter for a query: no decision was made by it.'
        : 'The entry is a call of the API and holds no question.',
    );
  }
  const asked = objectAt(input, 'resource');
  const principal = objectAt(input, 'principal');
  const kind = textAt(asked, 'kind');
  const id = textAt(asked, 'id');
  const principalId = textAt(principal, 'id');
  if (principalId === null || kind === null || id === null) {
    return unmapped('The entry names no principal or no resource.');
  }
  const used = placeOf(kind, entry);
  const sources: Record<string, AttributeSource> = {
    'subject.id': 'log',
    'action.name': 'log',
    'resource.type': 'log',
    'resource.id': 'log',
  };
  const subject = new Attributes('subject.properties', sources);
  subject.add('roles', arrayAt(principal, 'roles'), 'log');
  const resource = new Attributes('resource.properties', sources);
  for (const [side, given] of [
    [subject, principal],
    [resource, asked],
  ] as const) {
    // Without the member the properties themselves would be taken for attributes.
    const attr = objectAt(given, 'attr') ?? {};
    side.add('attr', attr, 'log');
    for (const name of Object.keys(attr)) side.sources[`${side.path}.attr.${name}`] = 'log';
    side.add('policyVersion', used.version, 'derived');
    side.add('policyVersion', textAt(given, 'policyVersion'), 'log');
    side.add('scope', textAt(given, 'scope'), 'log');
  }
  if (textAt(asked, 'scope') === null) resource.add('scope', used.scope, 'derived');
  const context = new Attributes('context', sources);
  const auxData = objectAt(input, 'auxData');
  if (auxData === undefined) context.absent('auxData');
  else context.add('auxData', auxData, 'log');
  // A policy of a parent scope stands for one that is missing only where the server searches leniently.
  const scope = textAt(asked, 'scope') ?? '';
  const isParent =
    scope !== '' &&
    used.decided &&
    (used.scope === null || scope.startsWith(`${used.scope}.`)) &&
    scope !== used.scope;
  if (isParent) context.add('lenientScopeSearch', true, 'derived');
  context.add('now', textAt(entry, 'timestamp') ?? event.time, 'log');
  return {
    kind: 'mapped',
    system,
    request: {
      subject: { type: event.subject.type, id: principalId, properties: subject.values },
      action: { name: event.action },
      resource: { type: kind, id, properties: resource.values },
      context: context.values,
    },
    knowledge: { complete: textAt(entry, 'log.logger') === 'cerbos.audit', hidden: [['globals']] },
    attributes: sources,
  };
}

interface Place {
  readonly version: string | null;
  readonly scope: string | null;
  /** Whether the policy is the one that the decision names, not only one that took part. */
  readonly decided: boolean;
}

/** Version and scope of the resource policy that took part, as in `resource.leave_request.v20210210/acme.corp`. */
function placeOf(kind: string, entry: JsonObject): Place {
  const prefix = `resource.${kind}.v`;
  const [output] = arrayAt(objectAt(entry, 'checkResources'), 'outputs');
  const decided = isObject(output) ? Object.values(objectAt(output, 'actions') ?? {}) : [];
  const [deciding] = decided.flatMap((effect) => (isObject(effect) ? (textAt(effect, 'policy') ?? []) : []));
  const isNamed = deciding?.startsWith(prefix) === true;
  const name = isNamed
    ? deciding
    : Object.keys(effectiveOf(entry) ?? {}).find((each) => each.startsWith(prefix));
  if (name === undefined) return { version: null, scope: null, decided: false };
  const [version = '', scope = ''] = name.slice(prefix.length).split('/');
  return {
    version: version === '' ? null : version,
    scope: isNamed && scope !== '' ? scope : null,
    decided: isNamed,
  };
}

function effectiveOf(entry: JsonObject): JsonObject | undefined {
  return objectAt(objectAt(entry, 'auditTrail'), 'effectivePolicies');
}

/** The question without the time, where no policy reads it. */
export function reduceCerbos(mapping: MappedRequest, reads: readonly string[]): MappedRequest {
  if (reads.includes('now')) return mapping;
  const { now: _now, ...context } = mapping.request.context ?? {};
  return { ...mapping, request: { ...mapping.request, context } };
}

/** The policies that took part with what the server says of each (its file, a hash), and the derived roles. */
export function recordedByCerbos(entry: JsonObject): RecordedDetail {
  const policies = effectiveOf(entry);
  const [output] = arrayAt(objectAt(entry, 'checkResources'), 'outputs');
  const roles = arrayAt(isObject(output) ? output : undefined, 'effectiveDerivedRoles');
  const derivedRoles = roles.filter((role) => typeof role === 'string');
  return {
    ...(policies === undefined
      ? {}
      : {
          effective: Object.entries(policies)
            .map(([policy, about]) => ({ policy, source: sourceText(isObject(about) ? about : undefined) }))
            .toSorted((one, other) => (one.policy < other.policy ? -1 : 1)),
        }),
    ...(derivedRoles.length === 0 ? {} : { derivedRoles }),
  };
}

/** The attributes that the server gives of a policy, the source first, e.g. `doc.yaml, driver disk`. */
function sourceText(about: JsonObject | undefined): string | null {
  const attributes = objectAt(about, 'attributes') ?? {};
  const source = textAt(attributes, 'source');
  const others = Object.keys(attributes)
    .filter((key) => key !== 'source')
    .toSorted()
    .flatMap((key) => {
      const value = textAt(attributes, key);
      return value === null ? [] : [`${key} ${value}`];
    });
  const parts = [...(source === null ? [] : [source]), ...others];
  return parts.length === 0 ? null : parts.join(', ');
}

function unmapped(reason: string): Mapping {
  return { kind: 'unmapped', system, reason };
}
