import type { PrincipalType } from './event.ts';
import type { JsonObject } from './json.ts';
import type { DateOrder, RecordShape } from './format.ts';

/** A directory export's stable name, e.g. `aws-credential-report`. The folder in `shared/directories` bears it. */
export type DirectoryName = string;

/** What an identity is to an organisation. */
export const identityKinds = ['human', 'service', 'workload', 'device', 'break-glass'] as const;
export type IdentityKind = (typeof identityKinds)[number];

export type DirectoryStatus = 'active' | 'disabled' | 'pending' | 'deleted';

/**
 * Where an id can be met again. `immutable` ids are never given to somebody else (an AWS unique id, an object id, a
 * SID); `login` and `mail` are names within a domain; `name` is unique in its own directory alone.
 */
export type AliasKind = 'immutable' | 'arn' | 'login' | 'mail' | 'name' | 'external';

export interface Alias {
  readonly kind: AliasKind;
  readonly value: string;
  /** Of mails and logins: the directory vouches for it. What a person typed in (a GitHub profile) it does not. */
  readonly verified: boolean;
}

/** What a directory says about the last use of an identity or a credential, and how far that can be trusted. */
export interface LastUse {
  /** What was used, in words: `password`, `access key 1`, `sign-in`. */
  readonly what: string;
  /** RFC 3339, as recorded; null where the directory has recorded none. */
  readonly at: string | null;
  /** The real last use may be later than `at` by so many hours: the directory does not write each one. */
  readonly staleHours: number;
  /** From when on the directory records such use, where it says or documents that; null: since there is the identity. */
  readonly recordedSince: string | null;
  /** It goes back so many days from the export alone; absent where it does not forget. */
  readonly trackedDays?: number;
  /** Field of the export. */
  readonly source: string;
}

export interface DirectoryCredential {
  readonly id: string;
  readonly type: string;
  readonly status: 'active' | 'inactive' | null;
  readonly created: string | null;
  readonly rotated: string | null;
  readonly expires: string | null;
  /** Null where the directory records none at all. */
  readonly lastUse: LastUse | null;
}

/** One account as a directory export tells of it. Entries of one directory and id add up. */
export interface DirectoryIdentity {
  readonly entry: 'identity';
  /** Account, tenant, cluster, organisation or domain within which the id is unique; null where nothing tells. */
  readonly authority: string | null;
  readonly id: string;
  readonly type: PrincipalType;
  readonly kind: IdentityKind | null;
  readonly name: string | null;
  readonly aliases: readonly Alias[];
  readonly status: DirectoryStatus | null;
  readonly created: string | null;
  /** End of the account itself. */
  readonly ends: string | null;
  readonly lastUses: readonly LastUse[];
  /** Whether the last uses cover every way to use the identity in this system, sign-ins included. */
  readonly usesComplete: boolean;
  readonly mfa: boolean | null;
  /** Whether somebody can sign in with a password; null where the directory does not say. */
  readonly password: boolean | null;
  readonly credentials: readonly DirectoryCredential[];
  /** Mail, login, id or name of whoever answers for it. */
  readonly owner: string | null;
  readonly manager: string | null;
  readonly groups: readonly string[];
  /** It administers the directory itself: a root user, a global administrator. */
  readonly privileged: boolean;
  /** Only credentials of it were exported, not the identity itself. */
  readonly credentialsOnly: boolean;
}

export interface DirectoryGroup {
  readonly entry: 'group';
  readonly authority: string | null;
  readonly id: string;
  readonly name: string | null;
  /** Ids, DNs or logins as the export has them. */
  readonly members: readonly string[];
}

export type DirectoryEntry = DirectoryIdentity | DirectoryGroup;

/** Where an entry stands in the file that it came from. */
export interface PlacedEntry {
  readonly offset: number;
  readonly length: number;
  readonly value: DirectoryEntry;
}

export type DirectoryReadResult =
  | { readonly kind: 'entries'; readonly entries: readonly DirectoryEntry[] }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'problem'; readonly reason: string };

/** What the file as a whole says: known when all of its records have been read. */
export interface SnapshotFacts {
  /** When the export was made (RFC 3339); null where nothing in the file says. */
  readonly takenAt: string | null;
  /**
   * Whether nothing is missing from it: false where it says that more pages follow, null where nobody can tell (as many
   * entries as a page holds).
   */
  readonly complete: boolean | null;
  /** It is the last of several pages, the others being files of their own. */
  readonly lastPage: boolean;
}

export interface DirectoryContext {
  readonly path: string;
  readonly dateOrder?: DateOrder;
  /** Of `directory-csv`: which column means what. */
  readonly mapping?: JsonObject;
}

/** Reads the records of one file; never throws on data. */
export interface DirectoryReader {
  read(record: JsonObject, shape: RecordShape): DirectoryReadResult;
  /** `envelope` is what stood around the records. */
  finish(envelope: JsonObject): SnapshotFacts;
}

/** What a directory is good for, told once a format. */
export interface DirectoryTraits {
  /** Logs of these formats show use of its identities. */
  readonly logs: readonly string[];
  /** System whose accounts these are: appearances of one system meet in it. */
  readonly system: string;
  /** Whether an account of it can be used by itself (an HR list cannot). */
  readonly usable: boolean;
  /** Whether it decides who belongs to the organisation: an identity provider, an HR list. */
  readonly authoritative: boolean;
  /** Kinds of identities of which the export lists all. */
  readonly lists: readonly PrincipalType[];
}

/** A directory export: one folder in `shared/directories`, one line in its list. Pure: no I/O, no clock. */
export interface DirectoryFormat extends DirectoryTraits {
  readonly name: DirectoryName;
  readonly title: string;
  /** Keys under which a JSON document holds its records. */
  readonly containerKeys: readonly string[];
  /** 0 not this format, up to 1 certain. */
  detect(record: JsonObject, shape: RecordShape): number;
  createReader(context: DirectoryContext): DirectoryReader;
}

/** One imported export. */
export interface DirectorySnapshot {
  readonly sha256: string;
  readonly path: string;
  readonly format: DirectoryName;
  readonly importedAt: string;
  /** When it was made; null where neither the file nor the analyst said. */
  readonly takenAt: string | null;
  /** The latest moment that its entries mention: it cannot be older. */
  readonly notBefore: string | null;
  readonly complete: boolean | null;
  readonly lastPage: boolean;
  readonly identities: number;
  readonly groups: number;
  readonly rejected: number;
  /** Authorities of which it tells. */
  readonly authorities: readonly string[];
}

/** An identity without anything known: what readers start from. */
export function identityEntry(
  known: Pick<DirectoryIdentity, 'id' | 'type'> & Partial<DirectoryIdentity>,
): DirectoryIdentity {
  return {
    entry: 'identity',
    authority: null,
    kind: null,
    name: null,
    aliases: [],
    status: null,
    created: null,
    ends: null,
    lastUses: [],
    usesComplete: false,
    mfa: null,
    password: null,
    credentials: [],
    owner: null,
    manager: null,
    groups: [],
    privileged: false,
    credentialsOnly: false,
    ...known,
  };
}
