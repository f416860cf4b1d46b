import { z } from 'zod';

const plain: Readonly<Record<string, string>> = { 'https:': 'http:', 'ldaps:': 'ldap:' };

/**
 * An address of a provider. SECURITY: encrypted schemes only; their plain forms where the host is this machine, so
 * that no setting can send a secret in the clear. No user part, no query, no fragment.
 */
export function endpointUrl(...schemes: readonly ('https' | 'ldaps')[]): z.ZodType<string, string> {
  const encrypted = new Set(schemes.map((scheme) => `${scheme}:`));
  return z.string().transform((text, context) => {
    const url = URL.parse(text);
    const objection = url === null ? 'is no address' : objectionTo(url, encrypted);
    if (objection === null && url !== null) return url.href.replace(/\/$/, '');
    context.addIssue({ code: 'custom', message: `“${text}” ${objection ?? ''}` });
    return z.NEVER;
  });
}

function objectionTo(url: URL, encrypted: ReadonlySet<string>): string | null {
  if (url.username !== '' || url.password !== '') return 'must not hold a user or password';
  if (url.search !== '' || url.hash !== '') return 'must not have a query or fragment';
  if (url.hostname === '') return 'names no host';
  if (encrypted.has(url.protocol)) return null;
  const isPlain = [...encrypted].some((scheme) => plain[scheme] === url.protocol);
  if (isPlain && isLoopback(url.hostname)) return null;
  return `must begin with ${[...encrypted].map((scheme) => `${scheme}//`).join(' or ')} (plain only on this machine)`;
}

/** Whether a host name or address is this machine itself. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
