import { arrayAt, isObject, type Json, type JsonObject, textAt } from '../../../domain/json.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import { type CompiledPolicy, compilePolicy } from '../document/policy.ts';
import { Attachment } from '../evaluate/attachment.ts';
import type { LevelInput } from '../evaluate/layers.ts';
import type { OrganizationPlace } from '../request/derive.ts';
import { fullAccessPolicies } from './known-policies.ts';
import { hasOnlyDenies } from './levels.ts';

interface OrganizationAccount {
  readonly place: OrganizationPlace | null;
  /** From the root to the account; levels of which nothing is said are left out. */
  readonly scp: readonly LevelInput[];
  readonly rcp: readonly LevelInput[];
}

export interface Organization {
  readonly managementAccount: string | null;
  readonly accounts: ReadonlyMap<string, OrganizationAccount>;
  readonly policies: readonly CompiledPolicy[];
}

interface Above {
  readonly path: string | null;
  readonly scp: readonly LevelInput[];
  readonly rcp: readonly LevelInput[];
}

/** Units nest five deep; what nests deeper than this is no organization of AWS. */
const deepest = 32;

export function isOrganization(document: unknown): document is JsonObject {
  return isObject(document) && isObject(document['root']);
}

/** Reads `organization.json`: the tree of units with the policies attached at each level. */
export function readOrganization(
  document: JsonObject,
  path: string,
  problems: BundleProblem[],
): Organization {
  const id = textAt(document, 'id');
  const accounts = new Map<string, OrganizationAccount>();
  const policies: CompiledPolicy[] = [];
  let sequence = 0;

  const levelOf = (
    node: JsonObject,
    kind: 'scp' | 'rcp',
    label: string,
    pointer: string,
  ): LevelInput | null => {
    const listed = node[kind];
    if (listed === undefined || listed === null) return null;
    const attachments: Attachment[] = [];
    const gaps: string[] = [];
    if (!Array.isArray(listed)) {
      problems.push({ severity: 'error', path, locator: `${pointer}/${kind}`, message: 'Expected a list.' });
      gaps.push(`The policies at ${label} could not be read.`);
    }
    const level = sequence++;
    arrayAt(node, kind).forEach((item, index) => {
      const at = `${pointer}/${kind}/${index}`;
      const entry = isObject(item) ? item : {};
      const name = textAt(entry, 'name') ?? (typeof item === 'string' ? item : `${kind} ${index + 1}`);
      const content: Json = entry['policy'] ?? fullAccessPolicies[name] ?? null;
      const policy = compilePolicy(
        content,
        kind,
        { path, pointer: `${at}/policy`, id: name, name },
        problems,
      );
      policies.push(policy);
      gaps.push(...policy.gaps);
      attachments.push(new Attachment(policy, `${kind}/${level}/${index}/`));
    });
    return { label, open: kind === 'rcp' && hasOnlyDenies(attachments), attachments, gaps };
  };

  const below = (node: JsonObject, label: string, pointer: string, above: Above): Above => {
    const scp = levelOf(node, 'scp', label, pointer);
    const rcp = levelOf(node, 'rcp', label, pointer);
    return {
      path: above.path,
      scp: scp === null ? above.scp : [...above.scp, scp],
      rcp: rcp === null ? above.rcp : [...above.rcp, rcp],
    };
  };

  const readUnit = (node: JsonObject, label: string, pointer: string, above: Above, depth: number): void => {
    const unitId = textAt(node, 'id');
    const here = below(node, label, pointer, {
      ...above,
      path: above.path === null || unitId === null ? null : `${above.path}${unitId}/`,
    });
    arrayAt(node, 'accounts').forEach((item, index) => {
      const account = isObject(item) ? item : { id: item };
      const accountId = textAt(account, 'id');
      const at = `${pointer}/accounts/${index}`;
      if (accountId === null) {
        problems.push({ severity: 'error', path, locator: at, message: 'Expected the id of an account.' });
        return;
      }
      const own = below(account, accountId, at, here);
      const place = id === null || here.path === null ? null : { id, path: here.path };
      accounts.set(accountId, { place, scp: own.scp, rcp: own.rcp });
    });
    if (depth === deepest) {
      const message = 'Units nest deeper than an organization can.';
      problems.push({ severity: 'error', path, locator: `${pointer}/units`, message });
      return;
    }
    arrayAt(node, 'units').forEach((unit, index) => {
      if (!isObject(unit)) return;
      const name = textAt(unit, 'name') ?? textAt(unit, 'id') ?? `unit ${index + 1}`;
      readUnit(unit, name, `${pointer}/units/${index}`, here, depth + 1);
    });
  };

  const root = document['root'];
  const start: Above = { path: id === null ? null : `${id}/`, scp: [], rcp: [] };
  if (isObject(root)) readUnit(root, textAt(root, 'name') ?? 'Root', '/root', start, 0);
  const managementAccount = textAt(document, 'managementAccount');
  if (managementAccount !== null && !accounts.has(managementAccount)) {
    const place =
      id === null ? null : { id, path: `${id}/${textAt(isObject(root) ? root : {}, 'id') ?? ''}/` };
    accounts.set(managementAccount, { place, scp: [], rcp: [] });
  }
  return { managementAccount, accounts, policies };
}
