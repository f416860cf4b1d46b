import type { WhoAnswer, WhoQuestion } from '../../domain/policy-system.ts';
import type { Evaluation, PolicyRef } from '../../domain/trace.ts';
import { type EntityStore, type EntityUid, parseUid, uidText } from './entities.ts';
import type { CedarRequest } from './request.ts';
import type { CedarSchema } from './schema.ts';

/**
 * Every entity of the bundle that can do it: asked one by one, of the types that the schema gives the action, or
 * of every type but `Action`. Action and resource as Cedar writes them (`Photo::"a.jpg"`).
 */
export function* whoCan(
  { action, resource, context }: WhoQuestion,
  entities: EntityStore,
  schema: CedarSchema | null,
  judge: (request: CedarRequest) => Evaluation,
): Iterable<WhoAnswer> {
  const asked: EntityUid = parseUid(action) ?? { type: 'Action', id: action };
  const on = readResource(resource);
  const types = schema?.principalTypes.get(uidText(asked));
  for (const principal of entities.uids()) {
    const possible =
      types === undefined ? !/(?:^|::)Action$/.test(principal.type) : types.includes(principal.type);
    if (!possible) continue;
    const request = { principal, action: asked, resource: on, context, entities, assumptions: [] };
    const evaluation = judge(request);
    if (evaluation.decision === 'deny') continue;
    const steps = evaluation.layers.flatMap(({ steps }) => steps);
    const deciding = steps.filter(({ id }) => evaluation.determiningSteps.includes(id));
    const policies: PolicyRef[] = deciding.map(({ ref }) => ref);
    const path = deciding.find(({ via }) => via !== undefined)?.via ?? [];
    yield { subject: { ...principal }, decision: evaluation.decision, path, policies };
  }
}

/** `Type::"id"`, or `Type::id` as people type it. */
function readResource(text: string): EntityUid {
  const uid = parseUid(text);
  if (uid !== undefined) return uid;
  const cut = text.lastIndexOf('::');
  return cut === -1 ? { type: '', id: text } : { type: text.slice(0, cut), id: text.slice(cut + 2) };
}
