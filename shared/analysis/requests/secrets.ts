import { isObject, type Json } from '#shared/domain/json.ts';

/** Names of members and headers that carry secrets. */
const secretNames =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-(?:api-key|auth-token|amz-security-token|forwarded-access-token)|api[_-]?key|(?:(?:access|id|refresh|session|bearer|auth)[_-]?)?token|jwt|pass(?:word|wd)|(?:client[_-]?)?secret|private[_-]?key|client_assertion|assertion)$/i;
/** Credentials of HTTP (RFC 9110, section 11), and JSON Web Tokens (RFC 7519). */
const credentials = /^(?:Bearer|Basic|Digest|Negotiate|ApiKey|Token)\s+(\S.*)$/i;
const webToken = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
const inQuery =
  /[?&](?:(?:access_|id_|refresh_|auth_)?token|api[_-]?key|key|code|secret|password|sig|signature|x-amz-signature)=([^&#]+)/gi;
/** Shorter ones would stand in other texts by chance. */
const shortest = 6;

export interface Secrets {
  readonly texts: ReadonlySet<string>;
  /** Where they stand, each as its keys. */
  readonly paths: readonly (readonly string[])[];
}

/**
 * Texts in a document that are secrets by their place or by their form. Callers of policy engines pass on whole
 * requests, with the tokens in them. SECURITY: these are never shown.
 */
export function secretsIn(document: Json | undefined): Secrets {
  const texts = new Set<string>();
  const paths: (readonly string[])[] = [];
  const visit = (value: Json | undefined, isSecret: boolean, path: readonly string[]): void => {
    if (typeof value === 'string') {
      const found = secretsOfText(value, isSecret).filter(({ length }) => length >= shortest);
      for (const text of found) texts.add(text);
      if (found.length > 0) paths.push(path);
    } else if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly Json[]).entries()) {
        visit(item, isSecret, [...path, String(index)]);
      }
    } else if (isObject(value)) {
      for (const [key, member] of Object.entries(value)) {
        visit(member, !isObject(member) && secretNames.test(key), [...path, key]);
      }
    }
  };
  visit(document, false, []);
  return { texts, paths };
}

function secretsOfText(text: string, isSecret: boolean): string[] {
  const inner = credentials.exec(text)?.[1];
  const inPath = [...text.matchAll(inQuery)].flatMap(([, secret]) => secret ?? []);
  return [
    ...(inner === undefined ? [] : [inner]),
    ...(isSecret || webToken.test(text) ? [text] : []),
    ...inPath,
  ];
}

/** What is shown in the place of a secret. */
const shown = '(not shown)';

/** The value with every secret in any of its texts replaced, also within longer ones. */
export function withoutSecrets<T>(value: T, { texts }: Secrets): T {
  if (texts.size === 0) return value;
  // Longer ones first: one may stand within another.
  const ordered = [...texts].toSorted((one, other) => other.length - one.length);
  const replaced = (part: unknown): unknown => {
    if (typeof part === 'string') {
      return ordered.reduce((text, secret) => text.replaceAll(secret, shown), part);
    }
    if (Array.isArray(part)) return part.map(replaced);
    if (!isObject(part) || 'rawJSON' in part) return part;
    return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, replaced(member)]));
  };
  return replaced(value) as T;
}
