import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import type { GrantEdge, GrantPath } from '../../../domain/trace.ts';
import { type CompiledPolicy, compilePolicy } from '../document/policy.ts';
import { Attachment } from '../evaluate/attachment.ts';
import type { LayerInput } from '../evaluate/layers.ts';
import { parseArn } from '../match/arn.ts';
import { readTags } from '../request/tags.ts';
import { type Account, emptyAccount, type IamEntity } from './entity.ts';
import { administratorAccess } from './known-policies.ts';

const lists = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const;

/** Whether a document is a page of account authorization details (`iam:GetAccountAuthorizationDetails`). */
export function isAuthorizationDetails(document: unknown): document is JsonObject {
  return isObject(document) && lists.some((name) => Array.isArray(document[name]));
}

interface Placed {
  readonly content: JsonObject;
  readonly path: string;
  readonly pointer: string;
}

interface Held {
  readonly policy: CompiledPolicy;
  readonly via: GrantPath;
}

/** Reads the pages of one or more accounts together: a group may stand on another page than its members. */
export class AuthorizationDetails {
  readonly policies: CompiledPolicy[] = [];
  readonly #problems: BundleProblem[];
  readonly #users: Placed[] = [];
  readonly #roles: Placed[] = [];
  /** By account and name. */
  readonly #groups = new Map<string, Placed>();
  readonly #managed = new Map<string, Placed>();
  readonly #compiled = new Map<string, CompiledPolicy | null>();
  readonly #byGroup = new Map<Placed, { readonly held: readonly Held[]; readonly gaps: readonly string[] }>();

  constructor(problems: BundleProblem[]) {
    this.#problems = problems;
  }

  addPage(page: JsonObject, path: string, pointer: string): void {
    for (const [list, add] of [
      ['UserDetailList', (item: Placed) => this.#users.push(item)],
      ['RoleDetailList', (item: Placed) => this.#roles.push(item)],
      ['GroupDetailList', (item: Placed) => this.#addGroup(item)],
      ['Policies', (item: Placed) => this.#managed.set(textAt(item.content, 'Arn') ?? '', item)],
    ] as const) {
      arrayAt(page, list).forEach((content, index) => {
        const at = `${pointer}/${list}/${index}`;
        if (isObject(content)) add({ content, path, pointer: at });
        else this.#problems.push({ severity: 'error', path, locator: at, message: 'Expected an object.' });
      });
    }
  }

  #addGroup(group: Placed): void {
    const account = parseArn(textAt(group.content, 'Arn') ?? '')?.account ?? '';
    this.#groups.set(`${account}/${textAt(group.content, 'GroupName') ?? ''}`, group);
  }

  /** Puts users and roles into their accounts. */
  putInto(accounts: Map<string, Account>): void {
    // Every managed policy is compiled, so that its problems are said also where nobody has it.
    for (const arn of this.#managed.keys()) this.#managedPolicy(arn);
    for (const user of this.#users) {
      const entity = this.#entity('user', user);
      if (entity !== null) accountOf(accounts, entity).users.set(entity.arn, entity);
    }
    for (const role of this.#roles) {
      const entity = this.#entity('role', role);
      if (entity !== null) accountOf(accounts, entity).roles.set(entity.name, entity);
    }
    for (const group of this.#groups.values()) this.#putGroup(group, accounts);
    for (const [arn, { content, path, pointer }] of this.#managed) {
      const account = accounts.get(parseArn(arn)?.account ?? '');
      const versions = otherVersions(content, { path, pointer, id: arn });
      if (account !== undefined && versions.length > 0) account.otherVersions.set(arn, versions);
    }
  }

  #entity(kind: IamEntity['kind'], { content, path, pointer }: Placed): IamEntity | null {
    const arn = textAt(content, 'Arn');
    const parsed = parseArn(arn ?? '');
    const isKind = parsed?.service === 'iam' && parsed.resource.startsWith(`${kind}/`);
    if (arn === null || !isKind) {
      const message = `Expected the ARN of a ${kind}.`;
      this.#problems.push({ severity: 'error', path, locator: `${pointer}/Arn`, message });
      return null;
    }
    const name = parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1);
    const gaps: string[] = [];
    const assumptions = assumedOf(content);
    const inline = kind === 'user' ? 'UserPolicyList' : 'RolePolicyList';
    const held = [
      ...this.#attached({ content, path, pointer }, inline, arn, gaps),
      ...(kind === 'user'
        ? this.#ofGroups({ content, path, pointer }, arn, parsed.account, gaps, assumptions)
        : []),
    ];
    const attachments = held.map(
      ({ policy, via }, place) => new Attachment(policy, `identity/${place}/`, via),
    );
    const trust = content['AssumeRolePolicyDocument'];
    return {
      kind,
      arn,
      name,
      id: textAt(content, kind === 'user' ? 'UserId' : 'RoleId'),
      tags: readTags(content['Tags']) ?? new Map(),
      identity: { attachments, gaps },
      assumptions,
      boundary: this.#boundary(content, arn, path, pointer),
      boundaryArn: boundaryArnOf(content),
      groups: kind === 'user' ? this.#groupsOf(content, parsed.account) : [],
      hasInstanceProfile: Array.isArray(content['InstanceProfileList'])
        ? content['InstanceProfileList'].length > 0
        : null,
      origin: { content, path, pointer },
      trust:
        kind === 'user' || trust === undefined
          ? null
          : this.#compile(trust, 'resource', path, `${pointer}/AssumeRolePolicyDocument`, {
              id: `${arn}#trust`,
              name: `trust policy of ${name}`,
            }),
    };
  }

  #putGroup(group: Placed, accounts: Map<string, Account>): void {
    const arn = textAt(group.content, 'Arn');
    const account = accounts.get(parseArn(arn ?? '')?.account ?? '');
    if (arn === null || account === undefined) return;
    const { held, gaps } = this.#heldByGroup(group, arn);
    const attachments = held.map(({ policy, via }, place) => new Attachment(policy, `group/${place}/`, via));
    account.groups.set(arn, { arn, identity: { attachments, gaps } });
  }

  /** Compiled once for all members. */
  #heldByGroup(
    group: Placed,
    arn: string,
  ): { readonly held: readonly Held[]; readonly gaps: readonly string[] } {
    let known = this.#byGroup.get(group);
    if (known === undefined) {
      const gaps: string[] = [];
      known = { held: this.#attached(group, 'GroupPolicyList', arn, gaps), gaps };
      this.#byGroup.set(group, known);
    }
    return known;
  }

  #groupsOf(content: JsonObject, account: string): string[] {
    return arrayAt(content, 'GroupList').flatMap((listed) => {
      const group = typeof listed === 'string' ? this.#groups.get(`${account}/${listed}`) : undefined;
      return textAt(group?.content, 'Arn') ?? [];
    });
  }

  #ofGroups(
    { content, path, pointer }: Placed,
    arn: string,
    account: string,
    gaps: string[],
    assumptions: string[],
  ): Held[] {
    return arrayAt(content, 'GroupList').flatMap((listed, index) => {
      const name = typeof listed === 'string' ? listed : '';
      const group = this.#groups.get(`${account}/${name}`);
      if (group === undefined) {
        const message = `The group ${name} is not in the bundle.`;
        this.#problems.push({ severity: 'warning', path, locator: `${pointer}/GroupList/${index}`, message });
        gaps.push(message);
        return [];
      }
      assumptions.push(...assumedOf(group.content));
      const groupArn = textAt(group.content, 'Arn') ?? name;
      const edge: GrantEdge = {
        from: arn,
        to: groupArn,
        kind: 'member-of',
        ref: { path, locator: `${pointer}/GroupList/${index}`, policyId: groupArn },
      };
      const known = this.#heldByGroup(group, groupArn);
      gaps.push(...known.gaps);
      return known.held.map(({ policy, via }) => ({ policy, via: [edge, ...via] }));
    });
  }

  /** Inline and managed policies of a user, group or role. */
  #attached(
    { content, path: file, pointer }: Placed,
    inlineList: string,
    owner: string,
    gaps: string[],
  ): Held[] {
    const found: Held[] = [];
    const attach = (policy: CompiledPolicy, to: string, at: string): void => {
      const ref = { path: file, locator: at, policyId: policy.origin.id };
      const via: GrantPath = [{ from: owner, to, kind: 'attached', ref }];
      found.push({ policy, via });
      gaps.push(...policy.gaps);
    };
    arrayAt(content, inlineList).forEach((item, index) => {
      const at = `${pointer}/${inlineList}/${index}`;
      const inline = isObject(item) ? item : {};
      const name = textAt(inline, 'PolicyName') ?? `inline policy ${index + 1}`;
      const document = inline['PolicyDocument'] ?? null;
      const id = `${owner}#${name}`;
      const policy = this.#compile(document, 'identity', file, `${at}/PolicyDocument`, { id, name });
      attach(policy, id, at);
    });
    arrayAt(content, 'AttachedManagedPolicies').forEach((item, index) => {
      const at = `${pointer}/AttachedManagedPolicies/${index}`;
      const arn = (isObject(item) ? textAt(item, 'PolicyArn') : null) ?? '';
      const policy = this.#managedPolicy(arn);
      if (policy !== null) attach(policy, arn, at);
      else gaps.push(this.#missing(arn, file, at));
    });
    return found;
  }

  #boundary(content: JsonObject, arn: string, path: string, pointer: string): LayerInput | null {
    const boundary = boundaryArnOf(content);
    if (boundary === null) return null;
    const at = `${pointer}/PermissionsBoundary`;
    const policy = this.#managedPolicy(boundary);
    if (policy === null) return { attachments: [], gaps: [this.#missing(boundary, path, at)] };
    const ref = { path, locator: at, policyId: boundary };
    const via: GrantPath = [{ from: arn, to: boundary, kind: 'attached', ref }];
    return { attachments: [new Attachment(policy, 'boundary/', via)], gaps: policy.gaps };
  }

  #missing(arn: string, path: string, locator: string): string {
    const message = `The document of the managed policy ${arn} is not in the bundle.`;
    this.#problems.push({ severity: 'warning', path, locator, message });
    return message;
  }

  /** The default version of a managed policy; null where the bundle does not have it. */
  #managedPolicy(arn: string): CompiledPolicy | null {
    const kept = this.#compiled.get(arn);
    if (kept !== undefined) return kept;
    const compiled = this.#compileManaged(arn);
    this.#compiled.set(arn, compiled);
    return compiled;
  }

  #compileManaged(arn: string): CompiledPolicy | null {
    const placed = this.#managed.get(arn);
    if (placed === undefined) {
      if (!arn.endsWith(administratorAccess.arnEnd)) return null;
      return this.#compile(administratorAccess.document, 'identity', '', '', {
        id: arn,
        name: 'AdministratorAccess',
      });
    }
    const { content, path, pointer } = placed;
    const versions = arrayAt(content, 'PolicyVersionList');
    const index = versions.findIndex((version) => isObject(version) && isDefault(version, content));
    const version = versions[index];
    if (!isObject(version)) return null;
    const name = textAt(content, 'PolicyName') ?? arn.slice(arn.lastIndexOf('/') + 1);
    const at = `${pointer}/PolicyVersionList/${index}/Document`;
    return this.#compile(version['Document'] ?? null, 'identity', path, at, { id: arn, name });
  }

  #compile(
    document: Json,
    kind: 'identity' | 'resource',
    path: string,
    pointer: string,
    names: { readonly id: string; readonly name: string },
  ): CompiledPolicy {
    const policy = compilePolicy(document, kind, { path, pointer, ...names }, this.#problems);
    this.policies.push(policy);
    return policy;
  }
}

function boundaryArnOf(content: JsonObject): string | null {
  return textAt(objectAt(content, 'PermissionsBoundary'), 'PermissionsBoundaryArn');
}

/** The versions of a managed policy that could be put in force. What is wrong in them is no problem of the bundle. */
function otherVersions(
  content: JsonObject,
  { path, pointer, id }: { readonly path: string; readonly pointer: string; readonly id: string },
): CompiledPolicy[] {
  return arrayAt(content, 'PolicyVersionList').flatMap((version, index) => {
    if (!isObject(version) || isDefault(version, content)) return [];
    const document = version['Document'];
    if (document === undefined) return [];
    const at = `${pointer}/PolicyVersionList/${index}/Document`;
    const name = `${textAt(content, 'PolicyName') ?? id} ${textAt(version, 'VersionId') ?? ''}`.trim();
    return [compilePolicy(document, 'identity', { path, pointer: at, id, name }, [])];
  });
}

function isDefault(version: JsonObject, policy: JsonObject): boolean {
  const flag = version['IsDefaultVersion'];
  if (flag === undefined) return version['VersionId'] === policy['DefaultVersionId'];
  return flag === true || flag === 'true';
}

/** What a bundle that was rebuilt from a log says that it took for granted. */
function assumedOf(content: JsonObject): string[] {
  return arrayAt(content, 'AssumedBecause').filter((text) => typeof text === 'string');
}

function accountOf(accounts: Map<string, Account>, entity: IamEntity): Account {
  const id = parseArn(entity.arn)?.account ?? '';
  const account = accounts.get(id) ?? emptyAccount(id);
  accounts.set(id, account);
  account.hasIdentities = true;
  return account;
}
