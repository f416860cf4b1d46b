/** What a tag of a finding stands for in a framework. */
export interface Mapping {
  readonly tag: string;
  readonly framework: string;
  readonly id: string;
  /** Null where the framework's own text is long and the address has it. */
  readonly title: string | null;
  /** Where it is described; shown as text, since the console opens nothing. */
  readonly address: string | null;
}

/** OWASP Non-Human Identities Top 10, 2025: https://owasp.org/www-project-non-human-identities-top-10/ */
const nonHuman = [
  'Improper Offboarding',
  'Secret Leakage',
  'Vulnerable Third-Party NHI',
  'Insecure Authentication',
  'Overprivileged NHI',
  'Insecure Cloud Deployment Configurations',
  'Long-Lived Secrets',
  'Environment Isolation',
  'NHI Reuse',
  'Human Use of NHI',
];

/** NIST CSF 2.0, category PR.AA: https://doi.org/10.6028/NIST.CSWP.29 */
const accessControl = [
  'Identities and credentials are managed by the organization',
  'Identities are proofed and bound to credentials',
  'Users, services, and hardware are authenticated',
  'Identity assertions are protected, conveyed, and verified',
  'Permissions are defined, managed, enforced and reviewed, with least privilege and separation of duties',
  'Physical access is managed, monitored, and enforced',
];

/** Tactics of MITRE ATT&CK Enterprise: https://attack.mitre.org/tactics/enterprise/ */
const tactics = new Map(
  Object.entries({
    reconnaissance: 'TA0043',
    'resource-development': 'TA0042',
    'initial-access': 'TA0001',
    execution: 'TA0002',
    persistence: 'TA0003',
    'privilege-escalation': 'TA0004',
    'defense-evasion': 'TA0005',
    'credential-access': 'TA0006',
    discovery: 'TA0007',
    'lateral-movement': 'TA0008',
    collection: 'TA0009',
    'command-and-control': 'TA0011',
    exfiltration: 'TA0010',
    impact: 'TA0040',
  }),
);

/** Reads a tag such as `attack.t1098.003`, `owasp-nhi.5` or `nist-csf.pr.aa-05`; others stand as they are. */
export function mappingOf(tag: string): Mapping {
  const name = tag.toLowerCase();
  const technique = /^attack\.(t\d{4})(?:\.(\d{3}))?$/.exec(name);
  if (technique !== null) {
    const [, main = '', part] = technique;
    const id = part === undefined ? main.toUpperCase() : `${main.toUpperCase()}.${part}`;
    return {
      tag,
      framework: 'MITRE ATT&CK',
      id,
      title: null,
      address: `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`,
    };
  }
  const [scheme = '', ...rest] = name.split('.');
  const value = rest.join('.');
  // Sigma writes tactics with hyphens or with underscores.
  const tactic = tactics.get(value.replaceAll('_', '-'));
  if (scheme === 'attack' && tactic !== undefined) {
    return {
      tag,
      framework: 'MITRE ATT&CK',
      id: tactic,
      title: value.replaceAll(/[-_]/g, ' '),
      address: `https://attack.mitre.org/tactics/${tactic}/`,
    };
  }
  const nhi = scheme === 'owasp-nhi' ? nonHuman[Number(value) - 1] : undefined;
  if (nhi !== undefined) {
    return {
      tag,
      framework: 'OWASP NHI Top 10',
      id: `NHI${value}:2025`,
      title: nhi,
      address: 'https://owasp.org/www-project-non-human-identities-top-10/',
    };
  }
  const category = /^pr\.aa-0?(\d)$/.exec(value);
  const outcome = scheme === 'nist-csf' ? accessControl[Number(category?.[1]) - 1] : undefined;
  if (outcome !== undefined) {
    return {
      tag,
      framework: 'NIST CSF 2.0',
      id: value.toUpperCase(),
      title: outcome,
      address: 'https://doi.org/10.6028/NIST.CSWP.29',
    };
  }
  return { tag, framework: 'tag', id: tag, title: null, address: null };
}
