import { z } from 'zod';
import { FailureError } from '#shared/util/result.ts';
import { digestOf } from '../canonical.ts';
import type { ProviderType } from '../provider.ts';

/** A configured provider as it is kept: no secrets, those are in the host's vault. */
export const providerEntry = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'a name of letters, digits, dots, dashes, underscores'),
  type: z.string(),
  /** As given, for the type's own schema. */
  settings: z.record(z.string(), z.string()),
  /** Providers that this one takes its identities from (`source-of-truth`). */
  sourcedFrom: z.array(z.string()),
  /** Accounts that are never touched, by id or name (`break-glass`). */
  breakGlass: z.array(z.string()),
  /** PEM of a private CA (`ca`). */
  certificateAuthority: z.string().nullable(),
  /** Log formats that witness this provider (`logs`); empty where it has none. Null where nobody has said. */
  logs: z.array(z.string()).nullable(),
});
export type ProviderEntry = z.infer<typeof providerEntry>;

const commonKeys = ['source-of-truth', 'break-glass', 'ca', 'logs'] as const;

/** In place of a certificate authority: the one that the provider has already. */
export const keepsAuthority = 'keep';

/** Settings that every provider takes, for help. */
export const commonSettings: Readonly<Record<(typeof commonKeys)[number], string>> = {
  'source-of-truth': 'names of the providers that this one takes its identities from',
  'break-glass': 'accounts that are never touched, by id or name',
  ca: 'a private certificate authority, PEM (@FILE reads a file); “keep” for the one that is there',
  logs: 'log formats that witness this provider, or “none”',
};

/** Makes an entry of what was given. Throws kind `invalid-input` naming the setting. */
export function entryOf(
  name: string,
  type: ProviderType,
  given: Readonly<Record<string, string>>,
): ProviderEntry {
  const own = Object.fromEntries(
    Object.entries(given).filter(([key]) => !commonKeys.some((common) => common === key)),
  );
  configOf(type, own);
  const certificateAuthority = given['ca'] ?? null;
  if (certificateAuthority !== null && !certificateAuthority.includes('-----BEGIN CERTIFICATE-----')) {
    throw new FailureError('invalid-input', 'ca: this is no certificate in PEM.');
  }
  const entry = providerEntry.safeParse({
    name,
    type: type.type,
    settings: own,
    sourcedFrom: listOf(given['source-of-truth']),
    breakGlass: listOf(given['break-glass']),
    certificateAuthority,
    logs: given['logs'] === undefined ? null : given['logs'] === 'none' ? [] : listOf(given['logs']),
  });
  if (entry.success) return entry.data;
  throw new FailureError('invalid-input', entry.error.issues.map(({ message }) => message).join('; '));
}

/** The type's own configuration out of an entry's settings. Throws kind `invalid-input` naming the setting. */
export function configOf(type: ProviderType, settings: Readonly<Record<string, string>>): unknown {
  const parsed = type.config.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') return `there is no setting ${issue.keys.join(', ')}`;
    return Object.hasOwn(settings, name) ? `${name}: ${issue.message}` : `${name} is missing`;
  });
  throw new FailureError(
    'invalid-input',
    `Settings of ${type.type} are not valid: ${issues.join('; ')}. See “rescind provider types ${type.type}”.`,
  );
}

/** What a plan is bound to: another address, scope or authority is another provider. */
export function configDigest({ type, settings, certificateAuthority }: ProviderEntry): string {
  return digestOf({ type, settings, certificateAuthority });
}

function listOf(text: string | undefined): string[] {
  // Distinguished names hold commas: where there is a semicolon, that parts the list.
  const parts = (text ?? '').split(text?.includes(';') === true || text?.includes('=') === true ? ';' : ',');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
