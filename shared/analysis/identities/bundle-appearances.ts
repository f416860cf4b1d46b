import type { BundleIdentity } from '#shared/domain/bundle.ts';
import { identityEntry } from '#shared/domain/directory.ts';
import type { BundleMention } from '#shared/domain/identity.ts';
import { type KnownAppearance, emptyAppearance } from './appearances.ts';
import { microsOf } from './claims.ts';
import type { BundleEvidence, DirectorySource } from './sources.ts';

/** Logs that show use of the identities of a realm. */
const logsOf: Readonly<Record<string, readonly string[]>> = {
  aws: ['aws-cloudtrail'],
  kubernetes: ['kubernetes-audit'],
};

/**
 * Every identity of the bundles, once a policy system, account and id; the latest bundle tells what it is. A bundle need
 * not hold all of an account, so that who is missing from it is not said to be gone, only no longer said to be there.
 */
export function appearancesInBundles(bundles: readonly BundleEvidence[]): Map<string, KnownAppearance> {
  const known = new Map<string, KnownAppearance>();
  const latest = bundles.toSorted((one, other) => timeOf(other) - timeOf(one));
  const told = new Map<string, BundleEvidence>();
  for (const evidence of latest) {
    const sources = new Map<string, DirectorySource>();
    for (const identity of evidence.identities) {
      const { system } = evidence.bundle;
      const { authority, id } = identity.value;
      const place = JSON.stringify([system, authority]);
      if (identity.isDefined && !told.has(place)) told.set(place, evidence);
      const isCurrent = told.get(place) === evidence;
      const key = JSON.stringify(['bundle', system, identity.realm, authority, id]);
      let found = known.get(key);
      if (found === undefined) known.set(key, (found = appearanceOf(key, evidence, identity)));
      for (const alias of identity.value.aliases) {
        const has = found.aliases.some((each) => each.kind === alias.kind && each.value === alias.value);
        if (!has) found.aliases.push(alias);
      }
      const origin = `${identity.realm} ${identity.isDefined}`;
      let source = sources.get(origin);
      if (source === undefined) sources.set(origin, (source = sourceOf(evidence, identity)));
      const value = isCurrent ? identity.value : identityEntry({ ...identity.value, status: null });
      found.entries.push({ source, placed: { offset: 0, length: 0, value } });
      found.bundles.push(mentionOf(evidence, identity));
    }
  }
  return known;
}

/** When a bundle is known to have been so: from when it was in force, else when it came into the case. */
function timeOf({ bundle }: BundleEvidence): number {
  return microsOf(bundle.inForceFrom) ?? microsOf(bundle.importedAt) ?? 0;
}

function appearanceOf(
  key: string,
  { bundle }: BundleEvidence,
  { value, realm }: BundleIdentity,
): KnownAppearance {
  const { authority, id, name, type } = value;
  const found: KnownAppearance = {
    ...emptyAppearance(key, 'bundle'),
    account: authority,
    id,
    name,
    type,
    aliases: [],
  };
  found.systems.add(realm);
  found.formats.add(bundle.system);
  return found;
}

/** A bundle as what it tells of identities: never all of them, and use only as far as it has been recorded. */
function sourceOf({ bundle }: BundleEvidence, { realm, isDefined }: BundleIdentity): DirectorySource {
  return {
    ...(isDefined ? null : { namesOnly: true }),
    snapshot: {
      sha256: bundle.digest,
      path: '',
      format: bundle.system,
      importedAt: bundle.importedAt,
      takenAt: bundle.inForceFrom,
      notBefore: null,
      complete: null,
      lastPage: false,
      identities: 0,
      groups: 0,
      rejected: 0,
      authorities: [],
    },
    traits: { logs: logsOf[realm] ?? [], system: realm, usable: true, authoritative: false, lists: [] },
    identities: [],
  };
}

function mentionOf(
  { bundle }: BundleEvidence,
  { isDefined, reasons, path, locator }: BundleIdentity,
): BundleMention {
  const { id, system, inForceFrom } = bundle;
  return { id, system, inForceFrom, isDefined, reasons, path, locator };
}
