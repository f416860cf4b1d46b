import {
  type DirectoryCredential,
  type DirectoryFormat,
  type DirectoryReadResult,
  type LastUse,
  identityEntry,
} from '#shared/domain/directory.ts';
import { type JsonObject, textAt } from '#shared/domain/json.ts';
import { looseBase64Bytes, utf8Text } from '#shared/util/base64.ts';
import { alias, booleanOf, timeOf } from '#shared/util/directory-fields.ts';

/**
 * AWS IAM credential report: CSV from the console, or the answer of `GetCredentialReport` with the CSV in base64.
 * Source: IAM User Guide, “Generate credential reports for your AWS account”. A report is up to four hours old, and
 * IAM keeps the last use of passwords and keys at a granularity of fifteen minutes.
 */
export const awsCredentialReport: DirectoryFormat = {
  name: 'aws-credential-report',
  title: 'AWS credential report',
  system: 'aws',
  logs: ['aws-cloudtrail'],
  usable: true,
  authoritative: false,
  lists: ['user'],
  containerKeys: [],
  detect(record) {
    if ('user' in record && 'arn' in record && 'password_last_used' in record) return 1;
    return isEnvelope(record) ? 1 : 0;
  },
  createReader() {
    let generated: string | null = null;
    return {
      read(record) {
        if (!isEnvelope(record)) return rowResult(record);
        generated = timeOf(record['GeneratedTime']);
        return envelopeResult(record);
      },
      finish: () => ({ takenAt: generated, complete: true, lastPage: false }),
    };
  },
};

function isEnvelope(record: JsonObject): boolean {
  return typeof record['Content'] === 'string' && 'ReportFormat' in record;
}

/** Reports have no quoted cells: names of IAM users hold neither commas nor quotes. */
function envelopeResult(record: JsonObject): DirectoryReadResult {
  const bytes = looseBase64Bytes(textAt(record, 'Content') ?? '');
  const text = bytes && utf8Text(bytes);
  if (text === undefined)
    return { kind: 'problem', reason: 'The content of this credential report is no base64 text.' };
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = header.split(',');
  const results = lines.map((line) => {
    const cells = line.split(',');
    return rowResult(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])));
  });
  const broken = results.find((result) => result.kind === 'problem');
  if (broken !== undefined) return broken;
  return {
    kind: 'entries',
    entries: results.flatMap((result) => (result.kind === 'entries' ? result.entries : [])),
  };
}

const stale = 4;

function rowResult(row: JsonObject): DirectoryReadResult {
  const [arn, user] = [textAt(row, 'arn'), textAt(row, 'user')];
  const account = /^arn:[^:]*:iam::(\d{12}):/.exec(arn ?? '')?.[1];
  if (arn === null || user === null || account === undefined) {
    return {
      kind: 'problem',
      reason: 'Expected a user and an IAM ARN with an account in a credential report.',
    };
  }
  const isRoot = user === '<root_account>';
  const password = booleanOf(row['password_enabled']);
  const keys = [1, 2].flatMap((number) => keyOf(row, arn, number));
  const passwordUse = use(row, 'password', 'password_last_used', password !== false || isRoot);
  const certificates = [1, 2].flatMap((number): DirectoryCredential[] =>
    booleanOf(row[`cert_${number}_active`]) === true
      ? [
          {
            id: `${arn}#certificate-${number}`,
            type: 'signing-certificate',
            status: 'active',
            created: null,
            rotated: timeOf(row[`cert_${number}_last_rotated`]),
            expires: null,
            lastUse: null,
          },
        ]
      : [],
  );
  const lastUses = [...passwordUse, ...keys.flatMap(({ lastUse }) => lastUse ?? [])];
  const isPerson = password === true || isRoot;
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id: arn,
        type: 'user',
        authority: account,
        name: isRoot ? 'root' : user,
        aliases: [...alias('arn', arn), ...alias('name', isRoot ? '' : `user/${user}`)],
        kind: isRoot ? 'break-glass' : isPerson ? 'human' : null,
        // An account whose every way in is closed is still there, and can be opened again.
        status: 'active',
        created: timeOf(row['user_creation_time']),
        lastUses,
        usesComplete: certificates.length === 0,
        mfa: booleanOf(row['mfa_active']),
        password: isRoot ? true : password,
        credentials: [...keys, ...certificates],
        privileged: isRoot,
      }),
    ],
  };
}

/** Absent where there is no such key: `N/A` as the time of its creation. */
function keyOf(row: JsonObject, arn: string, number: number): DirectoryCredential[] {
  const rotated = timeOf(row[`access_key_${number}_last_rotated`]);
  const active = booleanOf(row[`access_key_${number}_active`]);
  if (rotated === null && active !== true) return [];
  const [lastUse = null] = use(row, `access key ${number}`, `access_key_${number}_last_used_date`, true);
  return [
    {
      // The report names no key id; its number within the user is all there is.
      id: `${arn}#access-key-${number}`,
      type: 'access-key',
      status: active === null ? null : active ? 'active' : 'inactive',
      created: rotated,
      rotated,
      expires: null,
      lastUse,
    },
  ];
}

/** `N/A`: there is a credential and no use of it is on record. `no_information`: nothing since October 2014. */
function use(row: JsonObject, what: string, field: string, exists: boolean): LastUse[] {
  const text = textAt(row, field);
  if (!exists || text === null || text === 'not_supported') return [];
  return [
    { what, at: timeOf(text), staleHours: stale, recordedSince: '2014-10-20T00:00:00Z', source: field },
  ];
}
