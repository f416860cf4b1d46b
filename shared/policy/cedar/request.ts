import { isObject, type JsonObject, textAt } from '../../domain/json.ts';
import type { Entity, EvaluationRequest } from '../../domain/evaluation-request.ts';
import { type EntityStore, type EntityUid, parseUid } from './entities.ts';

/** A request in Cedar's terms. */
export interface CedarRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: JsonObject;
  /** With the attributes that the request itself brings. */
  readonly entities: EntityStore;
  readonly assumptions: readonly string[];
}

/**
 * `type` and `id` as in Cedar. The action's type is `action.properties.type`, or `Action`; a name that is
 * written as an entity (`App::Action::"view"`) is taken as such. Properties of subject and resource are
 * attributes of the entity.
 */
export function readRequest(request: EvaluationRequest, entities: EntityStore): CedarRequest {
  const assumptions: string[] = [];
  let store = entities;
  for (const [part, entity] of [
    ['subject', request.subject],
    ['resource', request.resource],
  ] as const) {
    const attributes = attributesOf(entity);
    if (attributes === null) continue;
    store = store.with(entity, attributes);
    assumptions.push(`the ${part}'s properties are taken as attributes of its entity`);
  }
  return {
    principal: { type: request.subject.type, id: request.subject.id },
    action: readAction(request),
    resource: { type: request.resource.type, id: request.resource.id },
    context: request.context ?? {},
    entities: store,
    assumptions,
  };
}

function readAction({ action }: EvaluationRequest): EntityUid {
  const type = textAt(action.properties, 'type');
  if (type !== null) return { type, id: action.name };
  return parseUid(action.name) ?? { type: 'Action', id: action.name };
}

/** Null where there are none. A null stands for an attribute that is not there: Cedar has no such value. */
function attributesOf({ properties }: Entity): JsonObject | null {
  if (!isObject(properties)) return null;
  const given = Object.entries(properties).filter(([, value]) => value !== null && value !== undefined);
  return given.length === 0 ? null : Object.fromEntries(given);
}
