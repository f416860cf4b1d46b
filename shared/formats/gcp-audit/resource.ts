import type { Resource } from '../../domain/event.ts';
import { arrayAt, isObject, type JsonObject, objectAt } from '../../domain/json.ts';
import { boundedText } from '../../util/record-fields.ts';

const mostResources = 50;

/** Monitored resources that stand for any: they tell no type. */
const anyResource = new Set(['audited_resource', 'global', 'project', 'folder', 'organization', 'api']);

/**
 * Resources of an audit log, as it names them (`projects/_/buckets/b/objects/o`): the one that the call was about, then
 * those that permissions were checked on.
 */
export function readResources(entry: JsonObject, payload: JsonObject): readonly Resource[] {
  const found = new Map<string, Resource>();
  const checked = arrayAt(payload, 'authorizationInfo')
    .filter(isObject)
    .slice(0, mostResources)
    .map(checkedOf);
  const main = boundedText(payload, 'resourceName');
  if (main !== null) {
    const type =
      checked.find(({ id, type: known }) => id === main && known !== null)?.type ?? monitored(entry);
    found.set(main, { type, id: main });
  }
  for (const { type, id } of checked) if (id !== null && !found.has(id)) found.set(id, { type, id });
  return [...found.values()];
}

function checkedOf(info: JsonObject): { readonly type: string | null; readonly id: string | null } {
  const attributes = objectAt(info, 'resourceAttributes');
  return {
    type: boundedText(attributes, 'type') ?? boundedText(info, 'resourceType'),
    id: boundedText(info, 'resource') ?? boundedText(attributes, 'name'),
  };
}

function monitored(entry: JsonObject): string | null {
  const type = boundedText(objectAt(entry, 'resource'), 'type');
  return type === null || anyResource.has(type) ? null : type;
}

/** Project, folder or organization in whose log the entry lies. */
export function readAccount(entry: JsonObject, logName: string | null): string | null {
  const [, kind, id] =
    /^(projects|folders|organizations|billingAccounts)\/([^/]+)\/logs\//.exec(logName ?? '') ?? [];
  if (kind !== undefined && id !== undefined) return kind === 'projects' ? id : `${kind}/${id}`;
  return boundedText(objectAt(objectAt(entry, 'resource'), 'labels'), 'project_id');
}

export function readRegion(entry: JsonObject, payload: JsonObject): string | null {
  const labels = objectAt(objectAt(entry, 'resource'), 'labels');
  const [current] = arrayAt(objectAt(payload, 'resourceLocation'), 'currentLocations');
  return (
    boundedText(labels, 'location') ??
    boundedText(labels, 'zone') ??
    boundedText(labels, 'region') ??
    (typeof current === 'string' ? boundedText({ current }, 'current') : null)
  );
}
