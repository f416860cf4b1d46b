import type { DirectoryIdentity, IdentityKind } from '#shared/domain/directory.ts';
import type { DirectoryFacts } from '#shared/domain/identity.ts';
import type { KnownAppearance, PlacedIdentity } from './appearances.ts';
import { microsOf } from './claims.ts';
import { timeOfSnapshot } from './sources.ts';

/** The entries of an identity: what decides who belongs first, the newest first. */
export function entriesOf(members: readonly KnownAppearance[]): PlacedIdentity[] {
  return members
    .flatMap(({ entries }) => entries)
    .toSorted(
      (one, other) =>
        Number(other.source.traits.authoritative) - Number(one.source.traits.authoritative) ||
        (timeOf(other) ?? 0) - (timeOf(one) ?? 0),
    );
}

function timeOf({ source }: PlacedIdentity): number | null {
  return microsOf(timeOfSnapshot(source.snapshot));
}

/** What the directories say, and bundles that have the identity itself, taken together; null where there is none. */
export function factsOf(entries: readonly PlacedIdentity[]): DirectoryFacts | null {
  const telling = entries.filter(({ source }) => source.namesOnly !== true);
  if (telling.length === 0) return null;
  const values = telling.map(({ placed }) => placed.value);
  return {
    status: first(values, ({ status }) => status),
    created: earliest(values),
    ends: first(values, ({ ends }) => ends),
    mfa: first(values, ({ mfa }) => mfa),
    password: first(values, ({ password }) => password),
    privileged: values.some(({ privileged }) => privileged),
    manager: first(values, ({ manager }) => manager),
    groups: [...new Set(values.flatMap(({ groups }) => groups))].toSorted(),
    lastUses: telling.flatMap(({ source, placed }) =>
      placed.value.lastUses.map((use) => ({ ...use, format: source.snapshot.format })),
    ),
  };
}

function first<T>(
  values: readonly DirectoryIdentity[],
  of: (value: DirectoryIdentity) => T | null,
): T | null {
  for (const value of values) {
    const found = of(value);
    if (found !== null) return found;
  }
  return null;
}

function earliest(values: readonly DirectoryIdentity[]): string | null {
  const known = values.flatMap(({ created }) => {
    const micros = microsOf(created);
    return created === null || micros === null ? [] : [{ created, micros }];
  });
  return known.toSorted((one, other) => one.micros - other.micros)[0]?.created ?? null;
}

/** What an identity is where nobody has said so: from what its ids mean in AWS, Kubernetes and Google Cloud. */
export function inferredKind(members: readonly KnownAppearance[]): IdentityKind | null {
  for (const { id, type } of members) {
    if (/^arn:[^:]*:iam::\d{12}:root$/.test(id)) return 'break-glass';
    if (type === 'service' || id.includes(':role/aws-service-role/')) return 'service';
    if (type === 'device') return 'device';
    if (type === 'workload') return 'workload';
    if (id.includes(':role/aws-reserved/sso.amazonaws.com/')) return 'human';
  }
  return null;
}
