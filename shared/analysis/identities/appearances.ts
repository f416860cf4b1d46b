import type { Alias } from '#shared/domain/directory.ts';
import type { Principal, PrincipalType } from '#shared/domain/event.ts';
import type { BundleMention, Use } from '#shared/domain/identity.ts';
import { isMail } from '#shared/util/directory-fields.ts';
import type { DirectorySource } from './sources.ts';
import { Traces } from './traces.ts';

/** An entry of one export, with what the export is. */
export interface PlacedIdentity {
  readonly source: DirectorySource;
  readonly placed: DirectorySource['identities'][number];
}

/** One identity as one source knows it. */
export interface KnownAppearance {
  readonly key: string;
  readonly source: 'log' | 'directory' | 'bundle';
  readonly systems: Set<string>;
  readonly account: string | null;
  readonly id: string;
  readonly name: string | null;
  readonly type: PrincipalType;
  readonly aliases: Alias[];
  readonly formats: Set<string>;
  /** Of logs: the logs (format and account) in which it appears. */
  readonly logs: Set<string>;
  readonly traces: Traces;
  readonly credentials: Map<string, { readonly type: string; readonly traces: Traces }>;
  /** How many credentials of sessions it used. */
  sessionCredentials: number;
  readonly entries: PlacedIdentity[];
  /** Of bundles: those that have it, the latest first. */
  readonly bundles: BundleMention[];
}

/** Every identity of the logs, as subject of its own events and as the one behind others'. */
export function appearancesInLogs(
  uses: readonly Use[],
  directories: readonly DirectorySource[],
): Map<string, KnownAppearance> {
  const systemOf = systemsByLog(directories);
  const known = new Map<string, KnownAppearance>();
  const find = (principal: Principal, format: string): KnownAppearance => {
    const key = appearanceKey(principal);
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = ofPrincipal(key, principal)));
    found.systems.add(systemOf(format));
    return found;
  };
  let log = { format: '', account: null as string | null, key: '' };
  for (const use of uses) {
    const { actor, format, account } = use;
    // Uses of one log come one after another.
    if (log.format !== format || log.account !== account) {
      log = { format, account, key: logKey(format, account) };
    }
    act(find(use.subject, format), use, log.key);
    if (actor !== null && (actor.id !== null || actor.name !== null)) {
      const behind = find(actor, format);
      appear(behind, format, log.key);
      behind.traces.add(use, 'on-behalf', false);
    }
  }
  return known;
}

/** The key under which appearances in logs meet. An id is the vendor's durable one; accounts tell names apart. */
export function appearanceKey({ type, id, name, account }: Principal): string {
  return id === null ? JSON.stringify(['log', type, name, account]) : JSON.stringify(['log', id, account]);
}

function ofPrincipal(key: string, principal: Principal): KnownAppearance {
  const { id, name, type, account } = principal;
  return {
    ...emptyAppearance(key, 'log'),
    account,
    id: id ?? name ?? type,
    name,
    type,
    aliases: aliasesOf(principal),
  };
}

/** An appearance of which nothing is known yet. */
export function emptyAppearance(key: string, source: KnownAppearance['source']) {
  return {
    key,
    source,
    systems: new Set<string>(),
    formats: new Set<string>(),
    logs: new Set<string>(),
    traces: new Traces(),
    credentials: new Map<string, { readonly type: string; readonly traces: Traces }>(),
    sessionCredentials: 0,
    entries: [] as PlacedIdentity[],
    bundles: [] as BundleMention[],
  };
}

function aliasesOf({ id, name }: Principal): Alias[] {
  if (id === null) return name === null ? [] : [{ kind: 'name', value: name, verified: true }];
  if (id.startsWith('arn:')) {
    // The name of an IAM user is what an administrator typed, also where it looks like a mail.
    const mail: Alias[] =
      name !== null && isMail(name) ? [{ kind: 'mail', value: name, verified: false }] : [];
    // Sessions name their role without its path: within an account the name alone is unique.
    const [, sort, last] = /:(user|role)\/(?:.*\/)?([^/]+)$/.exec(id) ?? [];
    const plain: Alias[] =
      last === undefined ? [] : [{ kind: 'name', value: `${sort}/${last}`, verified: true }];
    return [{ kind: 'arn', value: id, verified: true }, ...plain, ...mail];
  }
  // IAM Identity Center: the id of the directory, then the login in it.
  const [, directory, member] = /^(d-[\da-f]{10}):(.+)$/.exec(id) ?? [];
  if (directory !== undefined && member !== undefined && isMail(member)) {
    return [
      { kind: 'name', value: id, verified: true },
      { kind: 'login', value: member, verified: true },
    ];
  }
  if (isMail(id)) return [{ kind: 'login', value: id, verified: true }];
  return [
    { kind: 'immutable', value: id, verified: true },
    { kind: 'name', value: id, verified: true },
    ...(name === null || name === id || !isMail(name)
      ? []
      : [{ kind: 'mail', value: name, verified: false } as const]),
  ];
}

/** Its own events. */
function act(known: KnownAppearance, use: Use, log: string): void {
  const { credential, actor } = use;
  appear(known, use.format, log);
  const isOwnAct = actor?.type !== 'service';
  known.traces.add(use, isOwnAct ? 'use' : 'on-behalf', true);
  // A service that acts for it uses its right, not its key.
  if (!isOwnAct) return;
  known.sessionCredentials += use.sessions;
  if (credential === null) return;
  let found = known.credentials.get(credential.id);
  if (found === undefined) {
    known.credentials.set(credential.id, (found = { type: credential.type, traces: new Traces() }));
  }
  found.traces.add(use, 'use', true);
}

function appear(known: KnownAppearance, format: string, log: string): void {
  known.formats.add(format);
  known.logs.add(log);
}

/** A log is a format in one account. */
export function logKey(format: string, account: string | null): string {
  return JSON.stringify([format, account]);
}

/** Every identity of the directories: entries of one format, authority and id add up, over pages and over time. */
export function appearancesInDirectories(
  directories: readonly DirectorySource[],
): Map<string, KnownAppearance> {
  const known = new Map<string, KnownAppearance>();
  for (const source of directories) {
    const { format } = source.snapshot;
    for (const placed of source.identities) {
      const { authority, id, name, type, aliases } = placed.value;
      const key = JSON.stringify([format, authority, id]);
      let found = known.get(key);
      if (found === undefined) {
        found = { ...emptyAppearance(key, 'directory'), account: authority, id, name, type, aliases: [] };
        found.systems.add(source.traits.system);
        found.formats.add(format);
        known.set(key, found);
      }
      for (const alias of aliases) {
        const has = found.aliases.some((each) => each.kind === alias.kind && each.value === alias.value);
        if (!has) found.aliases.push(alias);
      }
      found.entries.push({ source, placed });
    }
  }
  return known;
}

/** The system whose identities a log shows: that of the directory that says so, else the log itself. */
function systemsByLog(directories: readonly DirectorySource[]): (format: string) => string {
  const systems = new Map<string, string>([
    ['aws-cloudtrail', 'aws'],
    ['gcp-audit', 'gcp'],
    ['kubernetes-audit', 'kubernetes'],
  ]);
  for (const { traits } of directories) for (const log of traits.logs) systems.set(log, traits.system);
  return (format) => systems.get(format) ?? format;
}
