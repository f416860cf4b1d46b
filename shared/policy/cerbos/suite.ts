import type { JsonObject } from '../../domain/json.ts';
import type { CerbosRequest } from './request.ts';

/** Where the suite stands in the folder that Cerbos is run on; its name makes it tests and no policy. */
export const suitePath = 'rescind-requests/requests_test.json';

/**
 * A test suite that asks every request, one test each (`t0`, `t1`, …). What it expects does not matter: Cerbos
 * tells the actual effect either way (https://docs.cerbos.dev/cerbos/latest/policies/compilation#testing).
 */
export function suiteOf(requests: readonly CerbosRequest[]): string {
  const suite: JsonObject = {
    name: 'requests',
    principals: Object.fromEntries(requests.map((request, index) => [`p${index}`, principalOf(request)])),
    resources: Object.fromEntries(requests.map((request, index) => [`r${index}`, resourceOf(request)])),
    auxData: Object.fromEntries(
      requests.flatMap(({ auxData }, index) => (auxData === null ? [] : [[`a${index}`, auxData]])),
    ),
    tests: requests.map(testOf),
  };
  return withPoints(JSON.stringify(suite));
}

/** Cerbos reads the suite as YAML, where `1e+300` is a text and only `1.0e+300` a number. */
function withPoints(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+e[+-]?\d+/g, (found) =>
    found.startsWith('"') ? found : found.replace('e', '.0e'),
  );
}

function principalOf({ principal }: CerbosRequest): JsonObject {
  const { id, roles, attr, policyVersion, scope } = principal;
  return { id, roles, attr, policyVersion, scope };
}

function resourceOf({ resource }: CerbosRequest): JsonObject {
  const { kind, id, attr, policyVersion, scope } = resource;
  return { kind, id, attr, policyVersion, scope };
}

function testOf(request: CerbosRequest, index: number): JsonObject {
  const [principal, resource] = [`p${index}`, `r${index}`];
  const { action, auxData, now, globals, lenientScopeSearch } = request;
  return {
    name: `t${index}`,
    options: { globals, lenientScopeSearch, ...(now === null ? {} : { now }) },
    input: {
      principals: [principal],
      resources: [resource],
      actions: [action],
      ...(auxData === null ? {} : { auxData: `a${index}` }),
    },
    expected: [{ principal, resource, actions: { [action]: 'EFFECT_DENY' } }],
  };
}
