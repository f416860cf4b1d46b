import type { MissingControl } from '#shared/domain/response.ts';
import { commaList } from '#shared/util/comma-list.ts';
import type { CerbosConfig } from './config.ts';

/** Where a principal's policy is looked for: one version in one scope. */
export interface Place {
  readonly version: string;
  readonly scope: string;
}

/** Every version in every scope, and in the scopes above it: Cerbos wants each of them to be there. */
export function placesOf({ versions, scopes }: CerbosConfig): Place[] {
  const all = new Set(['']);
  for (const scope of commaList(scopes)) {
    const parts = scope.split('.');
    for (const index of parts.keys()) all.add(parts.slice(0, index + 1).join('.'));
  }
  return commaList(versions).flatMap((version) => [...all].map((scope) => ({ version, scope })));
}

/** Versions and scopes that policies of the store are for, and that the deny would not be looked for in. */
export function uncovered(settings: CerbosConfig, ids: readonly string[]): MissingControl[] {
  const covered = new Set(placesOf(settings).map((place) => policyId('', place)));
  const left = new Set<string>();
  for (const id of ids) {
    const [, version, scope = ''] =
      /^(?:principal|resource)\..+\.v([^/]+?)(?:\/(.+?))?(?:\.yaml)?$/.exec(id) ?? [];
    if (version === undefined || covered.has(policyId('', { version, scope }))) continue;
    left.add(scope === '' ? `version ${version}` : `version ${version} in the scope ${scope}`);
  }
  if (left.size === 0) return [];
  const names = [...left].toSorted().join(', ');
  return [
    {
      control: `The deny for ${names}`,
      consequence: 'The store has policies there, and requests that name it do not find the deny.',
      advice: 'Add them to the settings “versions” and “scopes” of the provider, and plan again.',
    },
  ];
}

export function policyId(principalId: string, { version, scope }: Place): string {
  return `principal.${principalId}.v${version}${scope === '' ? '' : `/${scope}`}`;
}
