import type { Finding, Severity } from '#shared/domain/finding.ts';
import type { Identity, IdentityCredential, IdentityOptions } from '#shared/domain/identity.ts';
import { microsOf } from './claims.ts';

/** A finding whose id is made of rule and key. */
export type KeyedFinding = Omit<Finding, 'id'> & {
  readonly key: string;
  /** Under which ids its events are in the logs, where these show it. */
  readonly logIds: readonly string[];
};

/** An age at which a long-lived secret is to be rotated (CIS AWS Foundations Benchmark 1.14: 90 days), and one that is grave. */
const rotateAfterDays = 90;
const graveAfterDays = 365;

/** Secrets that somebody holds and could hand on; passwords and certificates have rules of their own. */
const secretTypes = new Set([
  'access-key',
  'client-secret',
  'personal-access-token',
  'fine-grained-token',
  'ssh-key',
  'service-account-secret',
]);

/**
 * What is wrong with identities and credentials by themselves. Mapped to the OWASP Non-Human Identities Top 10 (2025),
 * NIST CSF 2.0 (PR.AA) and MITRE ATT&CK where one of these says the same.
 */
export function identityFindings(identities: readonly Identity[], options: IdentityOptions): KeyedFinding[] {
  return identities.flatMap((identity) => [
    ...orphanFindings(identity),
    ...silenceFindings(identity, options),
    ...signInFindings(identity),
    ...exceptionFindings(identity, options),
    ...credentialFindings(identity, options),
  ]);
}

/** Findings that events show, besides what directories say. */
const shownByLogs = new Set(['identity-orphan', 'identity-orphan-active', 'exception-expired-used']);

/** Account manipulation is none of these: a valid account is what an attacker would use. */
const validAccounts = 'attack.t1078';

function orphanFindings(identity: Identity): KeyedFinding[] {
  return identity.orphans.map(({ reason, why, active }) => {
    const isActive = active === true;
    const common = { key: `${keyOf(identity)} ${reason}`, why };
    switch (reason) {
      case 'owner-gone':
        return finding(identity, {
          ...common,
          rule: 'identity-owner-gone',
          title: 'Its owner is gone',
          severity: isActive ? 'medium' : 'low',
          advice: 'Find out who needs it; give it an owner, or end it.',
          tags: ['owasp-nhi.1', 'nist-csf.pr.aa-01'],
        });
      case 'credential-without-identity':
        return finding(identity, {
          ...common,
          rule: 'credential-without-identity',
          title: 'A credential whose holder is no account any more',
          severity: 'high',
          advice: 'Revoke the credential.',
          tags: ['owasp-nhi.1', 'nist-csf.pr.aa-01', validAccounts],
        });
      case 'gone-from-source':
      case 'not-in-directory':
      default:
        return finding(identity, {
          ...common,
          rule: isActive ? 'identity-orphan-active' : 'identity-orphan',
          title: isActive ? 'Orphaned, and still active' : 'Orphaned',
          severity: isActive ? 'high' : 'medium',
          why: isActive ? `${why} It was alive after that.` : why,
          advice: 'Find out who uses it, and close what is left of it wherever it is open.',
          tags: ['owasp-nhi.1', 'nist-csf.pr.aa-01', validAccounts],
        });
    }
  });
}

/** Only accounts that a directory shows open: of others nobody knows whether they are there any more. */
function silenceFindings(identity: Identity, { dormantAfterDays }: IdentityOptions): KeyedFinding[] {
  const { dormancy, directory, appearances, coverage, kind } = identity;
  const isOpen = appearances.some(({ status }) => status === 'active');
  // What is kept for an emergency is to be silent.
  if (directory === null || !isOpen || kind === 'break-glass') return [];
  const severity: Severity = directory.privileged ? 'medium' : 'low';
  if (dormancy === 'dormant') {
    return [
      finding(identity, {
        key: keyOf(identity),
        rule: 'identity-dormant',
        title: 'Dormant, and its account is open',
        severity,
        why: `Not seen alive for ${dormantAfterDays} days. ${coverage.why}`,
        advice: 'Ask its owner; disable it first and delete it later.',
        tags: ['owasp-nhi.1', 'nist-csf.pr.aa-01', validAccounts],
      }),
    ];
  }
  // A directory that keeps the first use as well shows that there was none, not only none of late.
  if (dormancy !== 'never-seen' || directory.lastUses.length === 0) return [];
  return [
    finding(identity, {
      key: keyOf(identity),
      rule: 'identity-never-used',
      title: 'Never used, and its account is open',
      severity,
      why: `Neither logs nor directories show any use. ${coverage.why}`,
      advice: 'Ask who it was made for; delete it where nobody knows.',
      tags: ['owasp-nhi.1', 'nist-csf.pr.aa-01'],
    }),
  ];
}

/** A password alone opens it: the directory says that there is no second factor. */
function signInFindings(identity: Identity): KeyedFinding[] {
  const { directory, kind, appearances } = identity;
  if (directory?.mfa !== false || directory.password === false) return [];
  if (!appearances.some(({ status }) => status === 'active')) return [];
  if (directory.password === null && kind !== 'human' && kind !== 'break-glass' && !directory.privileged)
    return [];
  return [
    finding(identity, {
      key: keyOf(identity),
      rule: 'identity-without-mfa',
      title: directory.privileged
        ? 'An administrator signs in without a second factor'
        : 'Signs in without a second factor',
      severity: directory.privileged ? 'high' : 'medium',
      why: 'A directory says that it can sign in with a password and that no second factor is set up.',
      advice: 'Set up a second factor, or take the password away.',
      tags: ['nist-csf.pr.aa-03', validAccounts],
    }),
  ];
}

function exceptionFindings(identity: Identity, { asOf }: IdentityOptions): KeyedFinding[] {
  const { standing, standingUntil, appearances, lastAlive } = identity;
  const end = microsOf(standingUntil);
  if (standing === 'standing' || end === null || end > asOf.micros) return [];
  // A credential that was refused shows nothing of whoever should hold it.
  const isUsed = (microsOf(lastAlive) ?? 0) > end;
  const isOpen = appearances.some(({ status }) => status === 'active');
  if (!isUsed && !isOpen) return [];
  const what = standing === 'exception' ? 'exception' : 'time';
  return [
    finding(identity, {
      key: keyOf(identity),
      rule: isUsed ? 'exception-expired-used' : 'exception-expired',
      title: isUsed
        ? `Its ${what} has ended, and it is still used`
        : `Its ${what} has ended, and it is still open`,
      severity: isUsed ? 'high' : 'medium',
      why: `It was to end on ${(standingUntil ?? '').slice(0, 10)}${isUsed ? `, and was seen at ${lastAlive ?? ''}` : ''}.`,
      advice: 'End it, or decide anew with a reason and an end.',
      tags: ['owasp-nhi.1', 'nist-csf.pr.aa-05'],
    }),
  ];
}

function credentialFindings(identity: Identity, options: IdentityOptions): KeyedFinding[] {
  const { credentials, directory } = identity;
  const active = credentials.filter((each) => each.directory?.status === 'active');
  const keys = active.filter(({ type }) => type === 'access-key');
  return active.flatMap((credential) => {
    const found: KeyedFinding[] = [];
    const { id, type } = credential;
    const key = `${keyOf(identity)} ${id}`;
    if (directory?.privileged === true && type === 'access-key' && identity.kind === 'break-glass') {
      found.push(
        finding(identity, {
          key,
          rule: 'root-access-key',
          title: 'The root user has an access key',
          severity: 'critical',
          why: `${id} is active: whoever holds it can do everything, and no policy limits it.`,
          advice: 'Delete the key; nothing needs it.',
          tags: ['owasp-nhi.5', 'nist-csf.pr.aa-05', 'attack.t1078.004'],
        }),
      );
    }
    const expired = expiryFinding(identity, credential, options, key);
    if (expired !== null) return [...found, expired];
    const idle = unusedDays(credential, options);
    if (idle !== null) {
      const isSecond = keys.length > 1 && type === 'access-key';
      found.push(
        finding(identity, {
          key,
          rule: isSecond ? 'unused-second-key' : 'unused-credential',
          title: isSecond ? 'A second key that is not used' : 'A credential that is not used',
          severity: isSecond ? 'medium' : 'low',
          why: `${id} (${type}) is active and ${idle}.`,
          advice: 'Deactivate it, and delete it when nothing has missed it.',
          tags: ['owasp-nhi.7', 'nist-csf.pr.aa-01'],
        }),
      );
    } else if (secretTypes.has(type)) found.push(...ageFinding(identity, credential, key));
    return found;
  });
}

function expiryFinding(
  identity: Identity,
  { id, type, directory }: IdentityCredential,
  { asOf }: IdentityOptions,
  key: string,
): KeyedFinding | null {
  const end = microsOf(directory?.expires ?? null);
  if (end === null || end > asOf.micros) return null;
  return finding(identity, {
    key,
    rule: 'credential-expired',
    title: 'An expired credential that is still there',
    severity: 'low',
    why: `${id} (${type}) ended on ${(directory?.expires ?? '').slice(0, 10)} and was not removed.`,
    advice: 'Remove it: what is left over hides what is used.',
    tags: ['owasp-nhi.7', 'nist-csf.pr.aa-01'],
  });
}

/** Since when a credential is not used, in words; null where it is used, or nobody can know. */
function unusedDays(
  { directory, dormancy, lastSeen }: IdentityCredential,
  { dormantAfterDays }: IdentityOptions,
): string | null {
  const age = directory?.ageDays ?? null;
  if (directory?.lastUse === null || directory === null || age === null || age < dormantAfterDays)
    return null;
  if (dormancy === 'never-seen') return `was never used in the ${age} days since it was made`;
  return dormancy === 'dormant' ? `was used last on ${(lastSeen ?? '').slice(0, 10)}` : null;
}

function ageFinding(
  identity: Identity,
  { id, type, directory }: IdentityCredential,
  key: string,
): KeyedFinding[] {
  const age = directory?.ageDays ?? null;
  if (age === null || age < rotateAfterDays) return [];
  return [
    finding(identity, {
      key,
      rule: 'stale-credential',
      title: 'A long-lived secret that is not rotated',
      severity: age >= graveAfterDays ? 'medium' : 'low',
      why: `${id} (${type}) is ${age} days old.`,
      advice: 'Rotate it; better, let the workload get short-lived credentials.',
      tags: ['owasp-nhi.7', 'nist-csf.pr.aa-01', 'attack.t1552'],
    }),
  ];
}

function keyOf({ appearances: [first], id }: Identity): string {
  return first?.key ?? id;
}

function finding(
  { id, firstSeen, lastSeen, appearances }: Identity,
  about: Pick<KeyedFinding, 'key' | 'rule' | 'title' | 'severity' | 'why' | 'advice' | 'tags'>,
): KeyedFinding {
  const entries = appearances.flatMap(({ evidence }) => evidence ?? []);
  return {
    ...about,
    subject: id,
    logIds: shownByLogs.has(about.rule)
      ? appearances.filter(({ source }) => source === 'log').map((each) => each.id)
      : [],
    events: [],
    count: 0,
    first: firstSeen,
    last: lastSeen,
    ...(entries.length === 0 ? {} : { entries }),
  };
}
