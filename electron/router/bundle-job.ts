import type { ChildLauncher } from '#electron/platform/children.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import { FailureError } from '#shared/util/result.ts';
import { formatInstant, parseInstant } from '#shared/util/instant.ts';
import type { PolicyEdit } from '#shared/what-if/edit.ts';
import type { ImportTarget } from './import-job.ts';
import type { PolicyLink } from './policy-link.ts';
import type { KeptBundle, PolicySettings } from '#electron/platform/services.ts';
import { valueOf } from './value-of.ts';
import { withWriter } from './writer-session.ts';

export interface BundleRequest {
  readonly path: string;
  readonly system: string | null;
  /** RFC 3339; null where it is not known. */
  readonly inForceFrom: string | null;
  /** Path of the key with which a signed bundle is verified. */
  readonly verificationKey?: string | null;
}

/**
 * Adds a bundle to a case: the policy process reads it and keeps its files, then the writer enters it. Before a case
 * is made for it, the bundle is looked at: what cannot be read leaves no case behind.
 */
export async function runBundleJob(
  launcher: ChildLauncher,
  policy: PolicyLink,
  settings: PolicySettings,
  { folder, configFolder, createAs }: ImportTarget,
  { path, system, inForceFrom, verificationKey = null }: BundleRequest,
  signal: AbortSignal,
): Promise<CaseBundle> {
  const from = inForceFrom === null ? null : timeOf(inForceFrom);
  if (createAs !== null)
    await policy.call('describe', { path, system, verificationKey, settings }, { signal });
  return withWriter(launcher, async (writer) => {
    const opening = { folder, configFolder };
    valueOf(
      await (createAs === null
        ? writer.call('open', opening)
        : writer.call('create', { ...opening, name: createAs })),
    );
    const place = caseFolder(folder).bundles;
    const kept = await policy.call(
      'keep',
      { path, system, verificationKey, folder: place, settings },
      { signal },
    );
    return valueOf(await writer.call('addBundle', { ...kept, path, inForceFrom: from }));
  });
}

export interface EditedRequest {
  readonly kept: KeptBundle;
  readonly edits: readonly PolicyEdit[];
  /** RFC 3339; null where it is not known. */
  readonly inForceFrom: string | null;
}

/** Enters an edited bundle beside the one that it was made of; the journal names that one. */
export async function runEditedBundleJob(
  launcher: ChildLauncher,
  policy: PolicyLink,
  settings: PolicySettings,
  { folder, configFolder }: Pick<ImportTarget, 'folder' | 'configFolder'>,
  { kept, edits, inForceFrom }: EditedRequest,
  signal: AbortSignal,
): Promise<CaseBundle> {
  const from = inForceFrom === null ? null : timeOf(inForceFrom);
  return withWriter(launcher, async (writer) => {
    valueOf(await writer.call('open', { folder, configFolder }));
    const made = await policy.call('keepEdited', { kept, edits, settings }, { signal });
    const { id, path } = kept.bundle;
    const named = { path: `${path.replace(/ \(edited\)$/, '')} (edited)`, editedFrom: id };
    return valueOf(await writer.call('addBundle', { ...made, ...named, inForceFrom: from }));
  });
}

function timeOf(text: string): string {
  const instant = parseInstant(text);
  if (instant !== null) return formatInstant(instant);
  throw new FailureError(
    'invalid-input',
    `“${text}” is no time. Write it as RFC 3339, e.g. 2026-05-01T10:00:00Z.`,
  );
}
