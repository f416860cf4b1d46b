import { isObject, type Json } from '../../../domain/json.ts';
import type { BundleProblem, PolicyFile } from '../../../domain/policy-system.ts';
import { escapePointer } from '../condition/condition.ts';
import { type CompiledPolicy, compilePolicy } from '../document/policy.ts';
import { isAccountId, parseArn } from '../match/arn.ts';
import { AuthorizationDetails, isAuthorizationDetails } from './authorization-details.ts';
import { type Account, emptyAccount } from './entity.ts';
import { Estate } from './estate.ts';
import { parseJsonFile } from './json-file.ts';
import { isOrganization, type Organization, readOrganization } from './organization.ts';
import { isPolicySet, PolicySet } from './policy-set.ts';
import type { PolicySource, UnreadFile } from './source.ts';

/** Whether a file may be read as policies. One of lines is only where its lines are pages of account details. */
export function isPolicyJson({ path, text }: PolicyFile): boolean {
  const name = path.toLowerCase();
  return (
    name.endsWith('.json') || (/\.(?:jsonl|ndjson)$/.test(name) && text !== null && pageMarker.test(text))
  );
}

const pageMarker = /"(?:User|Group|Role)DetailList"\s*:/;

/** Reads a bundle of files: a policy set, account authorization details, or the folder of an organization. */
export function readFiles(files: readonly PolicyFile[]): PolicySource {
  const problems: BundleProblem[] = [];
  const accounts = new Map<string, Account>();
  const details = new AuthorizationDetails(problems);
  const policies: CompiledPolicy[] = [];
  let organization: Organization | null = null;
  const unread: UnreadFile[] = [];
  const later: (() => void)[] = [];
  const sorted = files.filter(isPolicyJson).toSorted((first, second) => (first.path < second.path ? -1 : 1));
  for (const file of sorted.length > 0 ? sorted : files) {
    const document = parseJsonFile(file, problems, isAuthorizationDetails);
    if (document === undefined) {
      unread.push({ path: file.path, account: accountOfPath(file.path) });
      continue;
    }
    if (isPolicySet(document) && files.length === 1)
      return withProblems(new PolicySet(document, file.path), problems);
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const account = accountOfPath(file.path);
    if (name === 'resource-policies.json' || name === 'vpc-endpoints.json') {
      const field = name === 'resource-policies.json' ? 'resourcePolicies' : 'endpointPolicies';
      // Which account a file at the top belongs to is known once all identities are.
      later.push(() => {
        if (!isObject(document)) unread.push({ path: file.path, account });
        policies.push(...readMap(document, field, file.path, account, accounts, problems));
      });
    } else if (isOrganization(document) && organization === null) {
      organization = readOrganization(document, file.path, problems);
      policies.push(...organization.policies);
    } else addPages(document, file.path, details, problems);
  }
  details.putInto(accounts);
  for (const read of later) read();
  policies.unshift(...details.policies);
  return new Estate(accounts, organization, policies, problems, unread);
}

function withProblems(set: PolicySet, problems: readonly BundleProblem[]): PolicySet {
  set.problems.unshift(...problems);
  return set;
}

/** One page, or a list of pages. */
function addPages(
  document: Json,
  path: string,
  details: AuthorizationDetails,
  problems: BundleProblem[],
): void {
  const pages = Array.isArray(document) ? (document as readonly Json[]) : [document];
  pages.forEach((page, index) => {
    const pointer = Array.isArray(document) ? `/${index}` : '';
    if (isAuthorizationDetails(page)) details.addPage(page, path, pointer);
    else {
      const message = 'Expected account authorization details, an organization or a policy set.';
      problems.push({ severity: 'warning', path, locator: pointer, message });
    }
  });
}

function accountOfPath(path: string): string | null {
  const parts = path.split('/');
  const at = parts.lastIndexOf('accounts');
  const id = at < 0 ? undefined : parts[at + 1];
  return id !== undefined && isAccountId(id) ? id : null;
}

function readMap(
  document: Json,
  field: 'resourcePolicies' | 'endpointPolicies',
  path: string,
  folder: string | null,
  accounts: Map<string, Account>,
  problems: BundleProblem[],
): CompiledPolicy[] {
  if (!isObject(document)) {
    problems.push({ severity: 'error', path, locator: '', message: 'Expected an object of policies.' });
    return [];
  }
  const only = accounts.size === 1 ? [...accounts.keys()][0] : undefined;
  const compiled: CompiledPolicy[] = [];
  const mapOf = (id: string): Map<string, CompiledPolicy> => {
    const account = accounts.get(id) ?? emptyAccount(id);
    accounts.set(id, account);
    account[field] ??= new Map();
    return account[field];
  };
  if (folder !== null) mapOf(folder);
  for (const [key, content] of Object.entries(document)) {
    const pointer = `/${escapePointer(key)}`;
    const wrapped = isObject(content) && isObject(content['policy']);
    const value: Json = wrapped ? (content['policy'] ?? null) : (content ?? null);
    const owner = folder ?? (parseArn(key)?.account || only);
    if (owner === undefined) {
      problems.push({
        severity: 'error',
        path,
        locator: pointer,
        message: 'Which account it belongs to is not known.',
      });
      continue;
    }
    const kind = field === 'resourcePolicies' ? 'resource' : 'vpce';
    const origin = { path, pointer: wrapped ? `${pointer}/policy` : pointer, id: key, name: key };
    const policy = compilePolicy(value, kind, origin, problems);
    compiled.push(policy);
    mapOf(owner).set(key, policy);
  }
  return compiled;
}
