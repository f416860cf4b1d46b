import type { JsonObject } from '../../domain/json.ts';
import type { BundleProblem } from '../../domain/policy-system.ts';
import { type CedarEngine, failureText, preparedName } from './engine.ts';
import { indexOfByte, TextPositions } from './position.ts';
import type { RawBundle } from './source.ts';

type SchemaInput = Parameters<CedarEngine['schemaToJson']>[0];
type SchemaJson = Exclude<SchemaInput, string>;

export interface CedarSchema {
  readonly schema: SchemaInput;
  /** What the engine keeps it under. */
  readonly prepared: string;
  /** The actions that it declares, as entities: they carry the action hierarchy. */
  readonly actions: readonly JsonObject[];
  /** Types of principals that an action applies to, by the action as Cedar writes it. */
  readonly principalTypes: ReadonlyMap<string, readonly string[]>;
}

/** Reads the schema of a bundle; several files are one schema. Null where there is none that Cedar accepts. */
export function readSchema(
  engine: CedarEngine,
  bundle: RawBundle,
  problems: BundleProblem[],
): CedarSchema | null {
  const merged: Record<string, SchemaJson[string]> = {};
  for (const { path, body } of bundle.schemas) {
    const answer = engine.schemaToJson(body as SchemaInput);
    if (answer.type === 'failure') {
      const offset = answer.errors.flatMap(({ sourceLocations }) => sourceLocations ?? [])[0]?.start;
      const locator =
        typeof body === 'string' && offset !== undefined
          ? new TextPositions(body).at(indexOfByte(body, offset))
          : '';
      problems.push({
        severity: 'error',
        path,
        locator,
        message: `the schema is not used: ${failureText(answer.errors)}`,
      });
      continue;
    }
    for (const [namespace, definition] of Object.entries(answer.json)) {
      const known = merged[namespace];
      merged[namespace] = {
        ...definition,
        entityTypes: { ...known?.entityTypes, ...definition.entityTypes },
        actions: { ...known?.actions, ...definition.actions },
        commonTypes: { ...known?.commonTypes, ...definition.commonTypes },
      };
    }
  }
  const only = bundle.schemas.length === 1 ? bundle.schemas[0] : undefined;
  if (Object.keys(merged).length === 0) return null;
  const schema = only === undefined ? merged : (only.body as SchemaInput);
  const prepared = preparedName('schema');
  const answer = engine.preparseSchema(prepared, schema);
  if (answer.type === 'failure') {
    const message = `the schema is not used: ${failureText(answer.errors)}`;
    problems.push({ severity: 'error', path: bundle.schemas[0]?.path ?? '', locator: '', message });
    return null;
  }
  return { schema, prepared, ...readActions(merged) };
}

function readActions(schema: SchemaJson): Pick<CedarSchema, 'actions' | 'principalTypes'> {
  const actions: JsonObject[] = [];
  const principalTypes = new Map<string, string[]>();
  for (const [namespace, { actions: declared }] of Object.entries(schema)) {
    const qualify = (name: string) =>
      namespace === '' || name.includes('::') ? name : `${namespace}::${name}`;
    for (const [id, action] of Object.entries(declared)) {
      const type = qualify('Action');
      const parents = (action.memberOf ?? []).map((group) => ({
        type: group.type === undefined ? type : qualify(group.type),
        id: group.id,
      }));
      actions.push({ uid: { type, id }, attrs: {}, parents });
      const types = action.appliesTo?.principalTypes ?? [];
      principalTypes.set(`${type}::${JSON.stringify(id)}`, types.map(qualify));
    }
  }
  return { actions, principalTypes };
}
