import { type JsonObject, isObject } from '../domain/json.ts';
import { stableJson } from '../util/stable-json.ts';
import { generateChecks } from './generate.ts';
import type { GeneratedCheck, PolicyTest, PolicyTestFile } from './policy-test.ts';

export interface OfferedChecks {
  readonly kind: GeneratedCheck;
  /** The scope's path, of checks of a scope's boundary. */
  readonly scope: string | null;
  readonly checks: readonly PolicyTest[];
}

/** Checks that could be made of the tests and that the file has neither switched on nor written down, by kind. */
export function offerChecks({ tests, checks }: PolicyTestFile): readonly OfferedChecks[] {
  const written = new Set(tests.map(({ request }) => stableJson(request)));
  const offer = (
    kind: GeneratedCheck,
    scope: string | null,
    settings: PolicyTestFile['checks'],
  ): OfferedChecks => ({
    kind,
    scope,
    checks: generateChecks({ tests, checks: settings }).filter(
      ({ request }) => !written.has(stableJson(request)),
    ),
  });
  const none = { denyByDefault: false, scopes: [], exceptionPaths: false };
  const scopes = [...new Set(tests.flatMap(({ request }) => scopesOf(request)))];
  return [
    ...(checks.denyByDefault ? [] : [offer('deny-by-default', null, { ...none, denyByDefault: true })]),
    ...scopes
      .filter((scope) => !checks.scopes.includes(scope))
      .map((scope) => offer('scope-boundary', scope, { ...none, scopes: [scope] })),
    ...(checks.exceptionPaths ? [] : [offer('exception-path', null, { ...none, exceptionPaths: true })]),
  ].filter((offered) => offered.checks.length > 0);
}

/** Names of properties and context keys that commonly set a scope. */
const scopeNames =
  /(?:^|[:._-])(?:namespace|account|accountid|tenant|project|region|owner|scope|organization|org|environment|env|cluster)$/i;

function scopesOf(request: JsonObject): string[] {
  const paths: string[] = [];
  for (const [part, holder] of [
    ['resource.properties', propertiesOf(request['resource'])],
    ['subject.properties', propertiesOf(request['subject'])],
    ['context', request['context']],
  ] as const) {
    if (!isObject(holder)) continue;
    for (const [name, value] of Object.entries(holder)) {
      // A path's names are divided by points: one that has a point itself cannot be named.
      if (typeof value === 'string' && scopeNames.test(name) && !name.includes('.')) {
        paths.push(`${part}.${name}`);
      }
    }
  }
  return paths;
}

function propertiesOf(entity: unknown): unknown {
  return isObject(entity) ? entity['properties'] : undefined;
}
