import { isMail } from '#shared/util/directory-fields.ts';
import type { Alias, DirectoryTraits } from '#shared/domain/directory.ts';
import type { KnownAppearance } from './appearances.ts';
import { microsOf } from './claims.ts';
import type { DirectorySource } from './sources.ts';
import { timeOfSnapshot } from './sources.ts';

/** One directory (a format in one authority) as its newest whole export shows it. */
export interface Authority {
  readonly format: string;
  readonly authority: string | null;
  readonly traits: DirectoryTraits;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly timeText: string;
  readonly sources: ReadonlySet<DirectorySource>;
  /** Domains whose mails are its own. */
  readonly domains: ReadonlySet<string>;
  /** Of Kubernetes: the namespaces that it lists; null for all. */
  readonly namespaces: ReadonlySet<string> | null;
}

/** The share of its logins that makes a domain a directory's own: guests bring others. */
const ownShare = 0.1;

/** Directories of which nothing is missing: these can tell who is not there. */
export function wholeDirectories(directories: readonly DirectorySource[]): Authority[] {
  const groups = new Map<string, DirectorySource[]>();
  for (const source of directories) {
    const { format, authorities } = source.snapshot;
    const own: readonly (string | null)[] = authorities.length === 0 ? [null] : authorities;
    for (const authority of own) {
      const key = JSON.stringify([format, authority]);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [source]);
      else known.push(source);
    }
  }
  return [...groups].flatMap(([key, sources]) => {
    const [, authority] = JSON.parse(key) as [string, string | null];
    return wholeOf(sources, authority) ?? [];
  });
}

/** The newest export that is whole by itself; else all pages, where the last one is among them. */
function wholeOf(sources: readonly DirectorySource[], authority: string | null): Authority | null {
  const timed = sources.flatMap((source) => {
    const text = timeOfSnapshot(source.snapshot);
    const time = microsOf(text);
    return text === null || time === null ? [] : [{ source, text, time }];
  });
  const whole = timed
    .filter(({ source: { snapshot } }) => snapshot.complete === true && !snapshot.lastPage)
    .toSorted((one, other) => other.time - one.time)[0];
  const pages = timed.filter(({ source: { snapshot } }) => snapshot.complete !== null);
  const hasEnd = pages.some(({ source: { snapshot } }) => snapshot.lastPage);
  const chosen = whole === undefined ? (hasEnd ? pages : []) : [whole];
  const oldest = chosen.toSorted((one, other) => one.time - other.time)[0];
  if (oldest === undefined) return null;
  const { snapshot, traits } = oldest.source;
  const listed = chosen.flatMap(({ source }) => source.identities.map(({ value }) => value));
  return {
    format: snapshot.format,
    authority,
    traits,
    time: oldest.time,
    timeText: oldest.text,
    sources: new Set(chosen.map(({ source }) => source)),
    domains: ownDomains(listed.map(({ aliases }) => aliases)),
    namespaces: traits.system === 'kubernetes' ? namespacesOf(listed.map(({ id }) => id)) : null,
  };
}

function ownDomains(all: readonly (readonly Alias[])[]): Set<string> {
  const counts = new Map<string, number>();
  let sum = 0;
  for (const aliases of all) {
    const login = aliases.find(({ kind, value, verified }) => verified && kind !== 'name' && isMail(value));
    const domain = login?.value.split('@')[1]?.toLowerCase();
    if (domain === undefined) continue;
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
    sum++;
  }
  return new Set(
    [...counts].filter(([, count]) => count >= 2 && count >= sum * ownShare).map(([domain]) => domain),
  );
}

/** Service accounts of several namespaces are those of the cluster; of one, that namespace was asked for. */
function namespacesOf(ids: readonly string[]): ReadonlySet<string> | null {
  const found = new Set(ids.flatMap((id) => /^system:serviceaccount:([^:]+):/.exec(id)?.[1] ?? []));
  return found.size > 1 ? null : found;
}

/** Whether the directory would list an identity of this kind if it were there. */
export function lists(authority: Authority, { id, type, account, systems }: KnownAppearance): boolean {
  const { traits, format } = authority;
  if (!systems.has(traits.system) || !traits.lists.includes(type)) return false;
  if (authority.authority !== null && account !== null && authority.authority !== account) return false;
  if (traits.system === 'aws') {
    const isRoot = id.endsWith(':root');
    return isRoot ? format === 'aws-credential-report' : /^arn:[^:]*:iam::\d{12}:(?:user|role)\//.test(id);
  }
  if (traits.system === 'kubernetes') {
    const namespace = /^system:serviceaccount:([^:]+):/.exec(id)?.[1];
    return namespace !== undefined && (authority.namespaces?.has(namespace) ?? true);
  }
  return true;
}

/** The mail of somebody who would be in a directory because the domain is its own. */
export function mailWithin({ domains }: Authority, appearance: KnownAppearance): string | null {
  for (const { kind, value, verified } of appearance.aliases) {
    if (!verified || (kind !== 'login' && kind !== 'mail') || !isMail(value)) continue;
    if (domains.has(value.split('@')[1]?.toLowerCase() ?? '')) return value;
  }
  return null;
}
