import { describe, expect, test } from 'vitest';
import type { DirectoryEntry, DirectoryIdentity, SnapshotFacts } from '#shared/domain/directory.ts';
import { directories } from '#shared/directories/index.ts';
import { BatchBuilder } from '#electron/ingest/batch-builder.ts';
import { detectDirectory } from '#electron/ingest/detect-directory.ts';
import { sniff } from '#electron/ingest/detect-format.ts';
import { importDirectory } from '#electron/ingest/directory-import.ts';
import type { JsonObject } from '#shared/domain/json.ts';

interface Read {
  readonly format: string | null;
  readonly entries: readonly { offset: number; length: number; value: DirectoryEntry }[];
  readonly identities: readonly DirectoryIdentity[];
  readonly rejected: readonly { offset: number; length: number; reason: string }[];
  readonly facts: SnapshotFacts | null;
}

/** Reads a file as import does: by its content alone, in chunks that cut everything. */
function read(text: string, mapping: JsonObject | null = null, chunk = 37): Read {
  const bytes = Buffer.from(text);
  const keys = new Set(directories.flatMap(({ containerKeys }) => containerKeys));
  const sniffed = sniff(bytes, true, keys);
  const format = detectDirectory(directories, sniffed, mapping);
  if (format === null) return { format: null, entries: [], identities: [], rejected: [], facts: null };
  const { syntax, markLength } = sniffed;
  const file = {
    sha256: 'ab'.repeat(32),
    path: 'export',
    bytes: bytes.length,
    encoding: 'none' as const,
    format: format.name,
    location: { kind: 'file' as const },
    syntax,
    timeZone: null,
  };
  const chunks = function* (): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  };
  const batches = [
    ...importDirectory(
      { file, format, syntax, markLength, resumeAt: 0, mapping, takenAt: null },
      chunks(),
      new BatchBuilder(),
    ),
  ].map(({ batch }) => batch);
  const entries = batches.flatMap(({ directory }) => directory?.entries ?? []);
  return {
    format: format.name,
    entries,
    identities: entries.flatMap(({ value }) => (value.entry === 'identity' ? [value] : [])),
    rejected: batches.flatMap(({ rejected }) => rejected),
    facts: batches.at(-1)?.directory?.facts ?? null,
  };
}

const aliasesOf = ({ aliases }: DirectoryIdentity | undefined = {} as DirectoryIdentity): string[] =>
  aliases.map(({ kind, value, verified }) => `${kind} ${value}${verified ? '' : ' (claimed)'}`);

describe('AWS credential report', () => {
  // The columns and their special values: IAM User Guide, “Generate credential reports for your AWS account”.
  const header =
    'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';
  const root =
    '<root_account>,arn:aws:iam::012345678901:root,2019-01-02T03:04:05+00:00,not_supported,2023-11-02T10:00:00+00:00,not_supported,not_supported,false,true,2019-02-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A';
  const ann =
    'ann,arn:aws:iam::012345678901:user/staff/ann,2020-05-06T07:08:09+00:00,true,no_information,2020-05-06T07:08:09+00:00,N/A,true,true,2024-01-01T00:00:00+00:00,2024-02-03T04:05:00+00:00,eu-west-1,s3,true,2023-01-01T00:00:00+00:00,N/A,N/A,N/A,true,2020-06-01T00:00:00+00:00,false,N/A';
  const report = [header, root, ann].join('\n');

  test('root, keys by their number, and what no information means', () => {
    const { format, identities, facts } = read(report);
    expect(format).toBe('aws-credential-report');
    expect(facts).toMatchObject({ complete: true, takenAt: null });
    const [first, second] = identities;
    expect(first).toMatchObject({
      id: 'arn:aws:iam::012345678901:root',
      authority: '012345678901',
      kind: 'break-glass',
      privileged: true,
      mfa: false,
      password: true,
      credentials: [{ type: 'access-key', status: 'active', lastUse: { at: null, staleHours: 4 } }],
    });
    expect(first?.lastUses).toMatchObject([{ what: 'password', at: '2023-11-02T10:00:00Z' }, { at: null }]);
    expect(second).toMatchObject({ mfa: true, kind: 'human', usesComplete: false });
    expect(
      second?.credentials.map(({ type, status, rotated, lastUse }) => [type, status, rotated, lastUse?.at]),
    ).toEqual([
      ['access-key', 'active', '2024-01-01T00:00:00Z', '2024-02-03T04:05:00Z'],
      ['access-key', 'active', '2023-01-01T00:00:00Z', null],
      ['signing-certificate', 'active', '2020-06-01T00:00:00Z', undefined],
    ]);
  });

  test('as the API answers it, with the time at which it was made', () => {
    const answer = JSON.stringify(
      {
        Content: Buffer.from(report).toString('base64'),
        ReportFormat: 'text/csv',
        GeneratedTime: '2024-03-01T12:00:00+00:00',
      },
      null,
      4,
    );
    const { format, identities, facts } = read(answer);
    expect(format).toBe('aws-credential-report');
    expect(identities).toEqual(read(report).identities);
    expect(facts?.takenAt).toBe('2024-03-01T12:00:00Z');
  });

  test('a row without an account is rejected with its place', () => {
    const { identities, rejected } = read(
      `${report}\n${ann.replace('arn:aws:iam::012345678901', 'arn:aws:iam::')}`,
    );
    expect(identities).toHaveLength(2);
    expect(rejected).toMatchObject([{ offset: report.length + 1 }]);
  });
});

test('AWS authorization details: all lists of a page, and whether more follow', () => {
  const page = {
    UserDetailList: [
      {
        Path: '/',
        UserName: 'ci',
        UserId: 'AIDACKCEVSQ6C2EXAMPLE',
        Arn: 'arn:aws:iam::123456789012:user/ci',
        CreateDate: '2022-08-07 12:56:48+00:00',
        GroupList: ['builders'],
        AttachedManagedPolicies: [],
        Tags: [{ Key: 'Owner', Value: 'ann@corp.example' }],
      },
    ],
    GroupDetailList: [
      {
        Path: '/',
        GroupName: 'builders',
        GroupId: 'AGPA',
        Arn: 'arn:aws:iam::123456789012:group/builders',
        AttachedManagedPolicies: [],
        GroupPolicyList: [],
      },
    ],
    RoleDetailList: [
      {
        RoleName: 'idle',
        RoleId: 'AROA1',
        Arn: 'arn:aws:iam::123456789012:role/idle',
        CreateDate: '2020-01-01T00:00:00Z',
        AssumeRolePolicyDocument: '%7B%7D',
        AttachedManagedPolicies: [],
        RoleLastUsed: {},
      },
      {
        RoleName: 'used',
        RoleId: 'AROA2',
        Arn: 'arn:aws:iam::123456789012:role/used',
        AssumeRolePolicyDocument: {},
        AttachedManagedPolicies: [],
        RoleLastUsed: { LastUsedDate: '2024-01-05T00:00:00Z', Region: 'eu-west-1' },
      },
    ],
    Policies: [],
    IsTruncated: true,
    Marker: 'abc',
  };
  const { format, identities, facts, entries } = read(JSON.stringify(page, null, 2));
  expect(format).toBe('aws-authorization-details');
  expect(facts?.complete).toBe(false);
  expect(entries).toHaveLength(4);
  expect(identities.map(({ type, name, owner, created }) => [type, name, owner, created])).toEqual([
    ['user', 'ci', 'ann@corp.example', '2022-08-07T12:56:48Z'],
    ['role', 'idle', null, '2020-01-01T00:00:00Z'],
    ['role', 'used', null, null],
  ]);
  // An empty object: not used within 400 days, which is not “never”.
  expect(identities[1]?.lastUses).toMatchObject([{ at: null, trackedDays: 400 }]);
  expect(identities[2]?.lastUses).toMatchObject([{ at: '2024-01-05T00:00:00Z' }]);
  const last = read(JSON.stringify({ ...page, IsTruncated: false }));
  expect(last.facts).toMatchObject({ complete: true, lastPage: true });
});

test('Okta users: status, last login, factors; a full page may be one of several', () => {
  // Shape: Okta developer documentation, “List all users”.
  const user = {
    id: '00ub0oNGTSWTBKOLGLNR',
    status: 'ACTIVE',
    created: '2013-06-24T16:39:18.000Z',
    lastLogin: '2013-06-24T17:39:19.000Z',
    profile: {
      firstName: 'Isaac',
      lastName: 'Brock',
      email: 'isaac.brock@example.com',
      login: 'isaac.brock@example.com',
      employeeNumber: '0042',
    },
    credentials: { password: {}, provider: { type: 'OKTA', name: 'OKTA' } },
    _links: { self: { href: 'https://example.okta.com/api/v1/users/00ub0oNGTSWTBKOLGLNR' } },
  };
  const gone = { ...user, id: '00u2', status: 'DEPROVISIONED', lastLogin: null, _embedded: { factors: [] } };
  const { format, identities, facts } = read(JSON.stringify([user, gone]));
  expect(format).toBe('okta-users');
  expect(facts?.complete).toBe(true);
  expect(identities[0]).toMatchObject({
    authority: 'example.okta.com',
    name: 'Isaac Brock',
    status: 'active',
    mfa: null,
    lastUses: [{ what: 'sign-in', at: '2013-06-24T17:39:19.000Z' }],
  });
  expect(aliasesOf(identities[0])).toEqual([
    'immutable 00ub0oNGTSWTBKOLGLNR',
    'login isaac.brock@example.com',
    'mail isaac.brock@example.com',
    'external 0042',
  ]);
  expect(identities[1]).toMatchObject({ status: 'deleted', mfa: false, lastUses: [{ at: null }] });
  const page = Array.from({ length: 200 }, (_, index) => ({ ...user, id: `00u${index}` }));
  expect(read(JSON.stringify(page)).facts?.complete).toBeNull();
});

test('Entra: users, and an application with its principal, their secrets and ends', () => {
  const users = read(
    JSON.stringify({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users',
      '@odata.nextLink': 'https://graph.microsoft.com/v1.0/users?$skiptoken=x',
      value: [
        {
          id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd',
          userPrincipalName: 'AdeleV@contoso.example',
          displayName: 'Adele Vance',
          accountEnabled: false,
          createdDateTime: '2019-01-01T00:00:00Z',
          signInActivity: {
            lastSignInDateTime: '2024-02-01T00:00:00Z',
            lastNonInteractiveSignInDateTime: '0001-01-01T00:00:00Z',
          },
        },
        {
          id: 'g',
          userPrincipalName: 'bob_partner.example#EXT#@contoso.example',
          mail: 'bob@partner.example',
          userType: 'Guest',
        },
      ],
    }),
  );
  expect(users.format).toBe('entra');
  expect(users.facts?.complete).toBe(false);
  expect(users.identities[0]).toMatchObject({ status: 'disabled', usesComplete: true });
  expect(users.identities[0]?.lastUses.map(({ at, staleHours }) => [at, staleHours])).toEqual([
    ['2024-02-01T00:00:00Z', 24],
    [null, 24],
  ]);
  expect(aliasesOf(users.identities[1])).toEqual(['immutable g', 'mail bob@partner.example (claimed)']);
  const [application] = read(
    JSON.stringify({
      value: [
        {
          id: 'obj',
          appId: 'app',
          displayName: 'billing',
          passwordCredentials: [
            {
              keyId: 'k1',
              startDateTime: '2022-01-01T00:00:00Z',
              endDateTime: '2024-01-01T00:00:00Z',
              hint: 'abc',
            },
          ],
          keyCredentials: [
            {
              keyId: 'k2',
              type: 'AsymmetricX509Cert',
              startDateTime: '2023-01-01T00:00:00Z',
              endDateTime: '2025-01-01T00:00:00Z',
            },
          ],
          owners: [{ userPrincipalName: 'AdeleV@contoso.example' }],
        },
      ],
    }),
  ).identities;
  expect(application).toMatchObject({ kind: 'service', owner: 'AdeleV@contoso.example' });
  expect(application?.credentials.map(({ id, type, expires }) => [id, type, expires])).toEqual([
    ['k1', 'client-secret', '2024-01-01T00:00:00Z'],
    ['k2', 'certificate', '2025-01-01T00:00:00Z'],
  ]);
});

test('Google Workspace: the API and the console’s table', () => {
  const api = read(
    JSON.stringify({
      kind: 'admin#directory#users',
      users: [
        {
          kind: 'admin#directory#user',
          id: '100662996240850794412',
          primaryEmail: 'liz@example.com',
          name: { fullName: 'Liz Smith' },
          isAdmin: true,
          suspended: false,
          isEnrolledIn2Sv: false,
          lastLoginTime: '1970-01-01T00:00:00.000Z',
          creationTime: '2020-10-05T00:00:00.000Z',
        },
      ],
      nextPageToken: 'x',
    }),
  );
  expect([api.format, api.facts?.complete]).toEqual(['google-workspace', false]);
  expect(api.identities[0]).toMatchObject({
    privileged: true,
    mfa: false,
    status: 'active',
    lastUses: [{ at: null }],
  });
  const table = read(
    [
      'First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Org Unit Path [Required],Status [READ ONLY],Last Sign In [READ ONLY],2sv Enrolled [READ ONLY],Employee ID',
      'Liz,Smith,liz@example.com,****,/,Active,2024/05/01 10:11:12,True,7',
      'Tom,Old,tom@example.com,****,/,Suspended,Never logged in,False,',
    ].join('\n'),
  );
  expect(table.format).toBe('google-workspace');
  expect(
    table.identities.map(({ name, status, mfa, lastUses }) => [
      name,
      status,
      mfa,
      lastUses[0]?.at,
      lastUses[0]?.staleHours,
    ]),
  ).toEqual([
    // The console writes no zone: most of a day more or less.
    ['Liz Smith', 'active', true, '2024-05-01T10:11:12Z', 26],
    ['Tom Old', 'disabled', false, null, 26],
  ]);
});

test('GitHub: members; credentials tell of their holders and not of who is a member', () => {
  const members = read(
    JSON.stringify([
      {
        login: 'octocat',
        id: 1,
        node_id: 'MDQ6VXNlcjE=',
        type: 'User',
        site_admin: false,
        email: 'me@home.example',
      },
    ]),
  );
  expect([members.format, members.facts?.complete]).toEqual(['github', true]);
  expect(aliasesOf(members.identities[0])).toEqual([
    'immutable 1',
    'immutable MDQ6VXNlcjE=',
    'name octocat',
    'mail me@home.example (claimed)',
  ]);
  const credentials = read(
    JSON.stringify([
      {
        login: 'octocat',
        credential_id: 161195,
        credential_type: 'personal access token',
        token_last_eight: 'abcdefgh',
        credential_authorized_at: '2019-01-26T19:06:43Z',
        credential_accessed_at: '2019-01-26T20:06:43Z',
        authorized_credential_expires_at: null,
      },
    ]),
  );
  expect(credentials.facts?.complete).toBeNull();
  expect(credentials.identities[0]).toMatchObject({
    credentialsOnly: true,
    credentials: [{ id: '161195', lastUse: { at: '2019-01-26T20:06:43Z' } }],
  });
  expect(JSON.stringify(credentials)).not.toContain('abcdefgh');
  const tokens = read(
    JSON.stringify([
      {
        id: 25381,
        owner: { login: 'octocat', id: 1 },
        repository_selection: 'all',
        access_granted_at: '2023-05-16T08:47:09.000-07:00',
        token_id: 98716,
        token_expired: false,
        token_expires_at: '2023-11-16T08:47:09.000-07:00',
        token_last_used_at: null,
      },
    ]),
  );
  expect(tokens.identities[0]?.credentials).toMatchObject([
    { id: '98716', type: 'fine-grained-token', expires: '2023-11-16T15:47:09.000Z', lastUse: { at: null } },
  ]);
});

test('Kubernetes service accounts, and no other objects', () => {
  const { format, identities, facts } = read(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      metadata: { resourceVersion: '' },
      items: [
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: {
            name: 'build',
            namespace: 'ci',
            uid: 'u-1',
            creationTimestamp: '2023-01-01T00:00:00Z',
            annotations: { 'company.example/owner': 'ann@corp.example' },
          },
          secrets: [{ name: 'build-token-x' }],
        },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'ci' } },
      ],
    }),
  );
  expect([format, facts?.complete]).toEqual(['kubernetes-service-accounts', true]);
  expect(identities).toMatchObject([
    {
      id: 'system:serviceaccount:ci:build',
      type: 'workload',
      owner: 'ann@corp.example',
      credentials: [{ id: 'ci/build-token-x' }],
    },
  ]);
});

const response = (total: number) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: total,
  startIndex: 1,
  itemsPerPage: 1,
  Resources: [
    {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: '2819c223',
      userName: 'bjensen@example.com',
      active: false,
      emails: [{ value: 'bjensen@example.com' }],
      meta: { created: '2010-01-23T04:56:22Z' },
    },
  ],
});

test('SCIM: a page of a longer list is no whole one', () => {
  const whole = read(JSON.stringify(response(1)));
  expect([whole.format, whole.facts?.complete]).toEqual(['scim', true]);
  expect(whole.identities[0]).toMatchObject({ status: 'disabled', created: '2010-01-23T04:56:22Z' });
  expect(read(JSON.stringify(response(2))).facts?.complete).toBe(false);
});

test('any table with a mapping; a status that it does not explain is rejected', () => {
  const table =
    'Number;Mail;State;Left\n7;ann@corp.example;A;\n8;bob@corp.example;L;2024-01-31\n9;eve@corp.example;?;';
  const mapping = {
    columns: { employeeId: 'Number', mail: 'Mail', status: 'State', ends: 'Left' },
    values: { status: { A: 'active', L: 'left' } },
  };
  const { format, identities, rejected } = read(table, mapping);
  expect(format).toBe('directory-csv');
  expect(identities.map(({ id, status, ends }) => [id, status, ends])).toEqual([
    ['7', 'active', null],
    ['8', 'deleted', '2024-01-31T00:00:00Z'],
  ]);
  expect(rejected[0]?.reason).toContain('“?” is not known');
  expect(read(table).format).toBeNull();
});
