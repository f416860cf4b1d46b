import type { JsonObject } from '../../domain/json.ts';
import { type CedarEngine, type EntityJson, failureText } from './engine.ts';
import { readUid, references, uidText } from './entities.ts';
import type { CedarRequest } from './request.ts';
import type { CedarSchema } from './schema.ts';

type Call = Parameters<CedarEngine['statefulIsAuthorized']>[0];
type Response = Extract<ReturnType<CedarEngine['statefulIsAuthorized']>, { type: 'success' }>['response'];

export type Authorization =
  | {
      readonly ok: true;
      readonly response: Response;
      readonly assumptions: readonly string[];
      /** The same request to another prepared set of policies. */
      readonly ask: (policies: string) => Response | null;
    }
  | { readonly ok: false; readonly message: string };

/** Entities of an action come from the schema: sent only where the schema is not. */
export interface AuthorizerOptions {
  readonly engine: CedarEngine;
  readonly schema: CedarSchema | null;
  /** Entities that policies name: their attributes can be read without the request naming them. */
  readonly named: readonly string[];
  readonly schemaActions: ReadonlySet<string>;
}

/**
 * Asks Cedar's authorizer, first with the schema and with validation of the request. Where that refuses, it asks
 * without: evaluation itself needs no schema (https://docs.cedarpolicy.com/policies/validation.html), and the
 * refusal is told.
 */
export function authorize(
  options: AuthorizerOptions,
  request: CedarRequest,
  policies: string,
): Authorization {
  const { engine, schema } = options;
  const starts = [request.principal, request.action, request.resource].map(uidText);
  const entities = request.entities.reachable([...starts, ...references(request.context), ...options.named]);
  const plain: Omit<Call, 'preparsedPolicySetId'> = {
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: request.context as Call['context'],
    entities: entities as unknown as EntityJson[],
  };
  const notDeclared = entities.filter((entity) => !options.schemaActions.has(keyOf(entity)));
  const checked =
    schema === null
      ? []
      : [
          {
            ...plain,
            entities: notDeclared as unknown as EntityJson[],
            preparsedSchemaName: schema.prepared,
          },
        ].flatMap((call) => [
          { ...call, validateRequest: true },
          { ...call, validateRequest: false },
        ]);
  const refusals: string[] = [];
  for (const call of [...checked, { ...plain, validateRequest: false }]) {
    const answer = run(engine, { ...call, preparsedPolicySetId: policies });
    if (answer.type === 'failure') {
      refusals.push(failureText(answer.errors));
      continue;
    }
    const ask = (other: string) => {
      const more = run(engine, { ...call, preparsedPolicySetId: other });
      return more.type === 'success' ? more.response : null;
    };
    const assumptions =
      refusals.length === 0 ? [] : [`evaluated although the schema refuses it: ${refusals[0]}`];
    return { ok: true, response: answer.response, assumptions, ask };
  }
  return { ok: false, message: refusals.at(-1) ?? 'Cedar gave no reason' };
}

function keyOf(entity: JsonObject): string {
  const uid = readUid(entity['uid']);
  return uid === undefined ? '' : uidText(uid);
}

/** A value that cannot be handed to the engine at all is a failure like any other. */
function run(engine: CedarEngine, call: Call): ReturnType<CedarEngine['statefulIsAuthorized']> {
  try {
    return engine.statefulIsAuthorized(call);
  } catch (thrown) {
    // Its stack overflowed or its memory ended: it has no more answers, for nobody.
    if (thrown instanceof RangeError || (thrown as Error).name === 'RuntimeError') throw thrown;
    const error = { message: 'a value of the request has no form in Cedar', help: null };
    return { type: 'failure', errors: [{ ...error, code: null, url: null, severity: null }], warnings: [] };
  }
}
