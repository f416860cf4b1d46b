import { base64Text } from '../util/base64.ts';
import { timeText } from './clock.ts';
import { type Account, type Company, type Person, createCompany } from './company.ts';
import { companyDomain } from './names.ts';
import { Random } from './random.ts';
import type { SampleTruth } from './truth.ts';

/** What a correct reading finds in the exports: a rule of the program and whom it is about. */
export interface PlantedFinding {
  readonly rule: string;
  /** The identity as the inventory names it. */
  readonly subject: string;
}

export interface SampleDirectories {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly planted: readonly PlantedFinding[];
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** When the exports were made: after most of the period, and some days before its end. */
const exportDay = 0.87;
/** As the sample's sign-ins name it. */
const identityStore = 'd-93670a5c1e';
const contractor = '00u0contractor0Q7Lw5d7';
const reporting = 'system:serviceaccount:legacy:pdf-export';

/**
 * The directories of the sample's company as their owners would export them: credential reports of its accounts, the
 * users of its identity provider, the service accounts of its clusters. All who are in the logs by then are in them,
 * besides those whose absence is planted.
 */
export function sampleDirectories(truth: SampleTruth): SampleDirectories {
  const company = createCompany(new Random(truth.seed));
  const random = new Random(truth.seed ^ 0x5d1e);
  const start = Date.parse(truth.from);
  const made = start + Math.floor(((Date.parse(truth.to) - start) / dayMs) * exportDay) * dayMs;
  const roles = castOf(company);
  const known = truth.subjects.filter(({ firstSeen }) => Date.parse(firstSeen) < made);
  const planted = plantedFindings(company, roles);
  return {
    files: [
      ...company.accounts.map((account) => ({
        path: `directories/credential-report-${account.name}.json`,
        text: credentialReport(company, account, known, made),
      })),
      { path: 'directories/okta-users.json', text: oktaUsers(random, company, roles, made) },
      {
        path: 'directories/kubernetes-service-accounts.json',
        text: serviceAccounts(random, known, roles, made),
      },
    ],
    planted,
  };
}

/** People with a part in what is planted: all work on until the end. */
interface Cast {
  /** Left, by the identity provider. */
  readonly leaver: Person;
  /** Nobody there knows them. */
  readonly unlisted: Person;
  /** Signs in with a password alone. */
  readonly careless: Person;
  readonly manager: Person;
}

function castOf({ people }: Company): Cast {
  const developers = people.filter(({ department }) => department === 'development');
  const [leaver, unlisted, careless, manager] = developers;
  if (leaver === undefined || unlisted === undefined || careless === undefined || manager === undefined) {
    throw new RangeError('The company has too few developers.');
  }
  return { leaver, unlisted, careless, manager };
}

function plantedFindings({ ci, accounts: [tooling] }: Company, cast: Cast): PlantedFinding[] {
  const iam = (name: string): string => `arn:aws:iam::${tooling.id}:user/${name}`;
  return [
    { rule: 'identity-orphan-active', subject: cast.leaver.login },
    // In the logs as who signs in, and as who stands behind a role: no directory says that it is one.
    { rule: 'identity-orphan-active', subject: cast.unlisted.login },
    { rule: 'identity-orphan-active', subject: `${identityStore}:${cast.unlisted.login}` },
    { rule: 'identity-owner-gone', subject: reporting },
    { rule: 'identity-without-mfa', subject: cast.careless.login },
    { rule: 'identity-dormant', subject: contractor },
    { rule: 'unused-second-key', subject: iam(ci.user) },
    { rule: 'stale-credential', subject: iam('svc-backup') },
  ];
}

const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';
const noKey = 'false,N/A,N/A,N/A,N/A';
const noCertificates = 'false,N/A,false,N/A';

/** As `GetCredentialReport` answers it. */
function credentialReport(
  { ci }: Company,
  account: Account,
  known: SampleTruth['subjects'],
  made: number,
): string {
  const daysAgo = (days: number): string => reportTime(made - days * dayMs);
  const root = `arn:aws:iam::${account.id}:root`;
  const rows = [
    `<root_account>,${root},${daysAgo(1900)},not_supported,${daysAgo(210)},not_supported,not_supported,true,${noKey},${noKey},${noCertificates}`,
  ];
  const prefix = `arn:aws:iam::${account.id}:user/`;
  for (const { subject, firstSeen, lastSeen } of known) {
    if (!subject.startsWith(prefix)) continue;
    const name = subject.slice(prefix.length);
    const isBackup = name === 'svc-backup';
    const used = reportTime(Math.min(Date.parse(lastSeen), made - 5 * hourMs));
    // Who was there from the beginning is older than the logs.
    const isOld = Date.parse(firstSeen) < made - 20 * dayMs;
    const created = isOld ? daysAgo(900) : reportTime(Date.parse(firstSeen) - hourMs);
    const rotated = isBackup ? daysAgo(880) : isOld ? daysAgo(45) : created;
    const first = `true,${rotated},${used},eu-west-1,s3`;
    const second = name === ci.user ? `true,${daysAgo(200)},N/A,N/A,N/A` : noKey;
    rows.push(`${name},${subject},${created},false,N/A,N/A,N/A,false,${first},${second},${noCertificates}`);
  }
  const content = base64Text(
    Uint8Array.from(`${[columns, ...rows].join('\n')}\n`, (letter) => letter.charCodeAt(0)),
  );
  return written({ Content: content, ReportFormat: 'text/csv', GeneratedTime: reportTime(made) });
}

/** As the report writes times. */
function reportTime(milliseconds: number): string {
  return timeText(milliseconds).replace('Z', '+00:00');
}

/** As the API lists users, with their factors. */
function oktaUsers(random: Random, { people }: Company, cast: Cast, made: number): string {
  const userOf = (person: Person, index: number): object => {
    const [firstName = '', lastName = ''] = person.name.split(' ');
    const isGone = person === cast.leaver;
    const factors = person === cast.careless ? [] : [factor(random)];
    return user({
      id: `00u${random.hex16().toUpperCase()}`,
      status: isGone ? 'DEPROVISIONED' : 'ACTIVE',
      created: made - (400 + index * 13) * dayMs,
      lastLogin: made - (isGone ? 9 * dayMs : (1 + random.below(60)) * 600_000),
      profile: {
        firstName,
        lastName,
        email: person.login,
        login: person.login,
        department: person.department,
        employeeNumber: String(1001 + index),
        manager: cast.manager.login,
        userType: 'Employee',
      },
      factors,
    });
  };
  const listed = people.filter((person) => person !== cast.unlisted).map(userOf);
  const login = `kim.contractor@${companyDomain}`;
  const external = user({
    id: contractor,
    status: 'ACTIVE',
    created: made - 700 * dayMs,
    lastLogin: made - 160 * dayMs,
    profile: { firstName: 'Kim', lastName: 'Contractor', email: login, login, userType: 'Contractor' },
    factors: [factor(random)],
  });
  return written([...listed, external]);
}

function user(known: {
  readonly id: string;
  readonly status: string;
  readonly created: number;
  readonly lastLogin: number;
  readonly profile: Readonly<Record<string, string>>;
  readonly factors: readonly object[];
}): object {
  const { id, status, created, lastLogin, profile, factors } = known;
  const host = `https://${companyDomain.split('.')[0] ?? ''}.okta.com`;
  return {
    id,
    status,
    created: okta(created),
    activated: okta(created),
    lastLogin: okta(lastLogin),
    profile,
    credentials: { password: {}, provider: { type: 'OKTA', name: 'OKTA' } },
    _embedded: { factors },
    _links: { self: { href: `${host}/api/v1/users/${id}` } },
  };
}

function factor(random: Random): object {
  return {
    id: `opf${random.hex16()}`,
    factorType: 'push',
    provider: 'OKTA',
    vendorName: 'OKTA',
    status: 'ACTIVE',
  };
}

function okta(milliseconds: number): string {
  return timeText(milliseconds).replace('Z', '.000Z');
}

/** As `kubectl get serviceaccounts -A -o json` prints them. */
function serviceAccounts(random: Random, known: SampleTruth['subjects'], cast: Cast, made: number): string {
  const items = known.flatMap(({ subject }, index) => {
    const [, namespace, name] = /^system:serviceaccount:([^:]+):(.+)$/.exec(subject) ?? [];
    if (namespace === undefined || name === undefined) return [];
    const owner = subject === reporting ? cast.leaver : cast.manager;
    return [account(random, namespace, name, made - (30 + index) * dayMs, owner)];
  });
  // The youngest tells how old the list is at least: Kubernetes writes no time of its own into it.
  items.push(account(random, 'shipping', 'label-batch', made - hourMs, cast.manager));
  return written({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });
}

function account(random: Random, namespace: string, name: string, created: number, owner: Person): object {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      annotations: { [`${companyDomain}/owner`]: owner.login },
      creationTimestamp: timeText(created),
      name,
      namespace,
      resourceVersion: String(1000 + random.below(900_000)),
      uid: random.guid(),
    },
  };
}

function written(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
