import { serviceAccountOf } from '../user.ts';

/** One rule of a proposal. */
export interface ProposedRule {
  /** Null: in no namespace, or in all. */
  readonly namespace: string | null;
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  /** Null where it is limited to none. */
  readonly names: readonly string[] | null;
  readonly urls: readonly string[];
}

interface Written {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const api = 'rbac.authorization.k8s.io';

/** Roles and bindings as YAML, in the order of their namespaces. */
export function manifestText(subject: string, rules: readonly ProposedRule[]): string {
  const spaces = new Map<string | null, ProposedRule[]>();
  for (const rule of rules) {
    const known = spaces.get(rule.namespace);
    if (known === undefined) spaces.set(rule.namespace, [rule]);
    else known.push(rule);
  }
  const ordered = [...spaces].toSorted(([one], [other]) => ((one ?? '') < (other ?? '') ? -1 : 1));
  return ordered.map(([namespace, own]) => objectsOf(subject, namespace, own)).join('---\n');
}

function objectsOf(subject: string, namespace: string | null, rules: readonly ProposedRule[]): string {
  const kind = namespace === null ? 'ClusterRole' : 'Role';
  const name = `${subject
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .toLowerCase()
    .replaceAll(/^-|-$/g, '')}-proposed`;
  const metadata = [
    'metadata:',
    `  name: ${quoted(name)}`,
    ...(namespace === null ? [] : [`  namespace: ${quoted(namespace)}`]),
  ];
  const account = serviceAccountOf(subject);
  const who =
    account === null
      ? [`  - kind: User`, `    apiGroup: ${api}`, `    name: ${quoted(subject)}`]
      : [
          `  - kind: ServiceAccount`,
          `    namespace: ${quoted(account.namespace)}`,
          `    name: ${quoted(account.name)}`,
        ];
  const role = [
    `apiVersion: ${api}/v1`,
    `kind: ${kind}`,
    ...metadata,
    'rules:',
    ...joined(rules).flatMap(ruleLines),
  ];
  const binding = [
    `apiVersion: ${api}/v1`,
    `kind: ${kind}Binding`,
    ...metadata,
    'subjects:',
    ...who,
    'roleRef:',
    `  apiGroup: ${api}`,
    `  kind: ${kind}`,
    `  name: ${quoted(name)}`,
  ];
  return `${role.join('\n')}\n---\n${binding.join('\n')}\n`;
}

/** Rules that differ in one thing alone are one. */
function joined(rules: readonly ProposedRule[]): Written[] {
  const byTarget = new Map<string, { rule: ProposedRule; verbs: Set<string> }>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.group, rule.resource, rule.names, rule.urls]);
    const known = byTarget.get(key) ?? { rule, verbs: new Set<string>() };
    byTarget.set(key, known);
    for (const verb of rule.verbs) known.verbs.add(verb);
  }
  const byVerbs = new Map<
    string,
    { rule: ProposedRule; verbs: string[]; resources: Set<string>; names: Set<string>; urls: Set<string> }
  >();
  for (const { rule, verbs } of byTarget.values()) {
    const list = [...verbs].toSorted();
    const limited = rule.names !== null;
    // Names belong to one resource: others are joined without.
    const key = JSON.stringify([rule.group, list, limited ? rule.resource : null, rule.urls.length > 0]);
    const known = byVerbs.get(key) ?? {
      rule,
      verbs: list,
      resources: new Set<string>(),
      names: new Set<string>(),
      urls: new Set<string>(),
    };
    byVerbs.set(key, known);
    if (rule.resource !== '') known.resources.add(rule.resource);
    for (const name of rule.names ?? []) known.names.add(name);
    for (const url of rule.urls) known.urls.add(url);
  }
  return [...byVerbs.values()]
    .map(({ rule, verbs, resources, names, urls }) => ({
      apiGroups: urls.size > 0 ? [] : [rule.group],
      resources: [...resources].toSorted(),
      verbs,
      resourceNames: [...names].toSorted(),
      nonResourceURLs: [...urls].toSorted(),
    }))
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

function ruleLines({ apiGroups, resources, verbs, resourceNames, nonResourceURLs }: Written): string[] {
  const lines =
    nonResourceURLs.length > 0
      ? [`nonResourceURLs: ${list(nonResourceURLs)}`]
      : [
          `apiGroups: ${list(apiGroups)}`,
          `resources: ${list(resources)}`,
          ...(resourceNames.length > 0 ? [`resourceNames: ${list(resourceNames)}`] : []),
        ];
  return [...lines, `verbs: ${list(verbs)}`].map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`);
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** A JSON text is one of YAML, too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
