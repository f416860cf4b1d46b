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
    const inline = kind === 'user' ? 'UserPolicyList' : 'RolePolicyList';
    const held = [
      ...this.#attached({ content, path, pointer }, inline, arn, [], gaps),
      ...(kind === 'user' ? this.#ofGroups({ content, path, pointer }, arn, parsed.account, gaps) : []),
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
      boundary: this.#boundary(content, arn, path, pointer),
      trust:
        kind === 'user' || trust === undefined
          ? null
          : this.#compile(trust, 'resource', path, `${pointer}/AssumeRolePolicyDocument`, {
              id: `${arn}#trust`,
              name: `trust policy of ${name}`,
            }),
    };
  }

  #ofGroups({ content, path, pointer }: Placed, arn: string, account: string, gaps: string[]): Held[] {
    return arrayAt(content, 'GroupList').flatMap((listed, index) => {
      const name = typeof listed === 'string' ? listed : '';
      const group = this.#groups.get(`${account}/${name}`);
      if (group === undefined) {
        const message = `The group ${name} is not in the bundle.`;
        this.#problems.push({ severity: 'warning', path, locator: `${pointer}/GroupList/${index}`, message });
        gaps.push(message);
        return [];
      }
      const groupArn = textAt(group.content, 'Arn') ?? name;
      const edge: GrantEdge = {
        from: arn,
        to: groupArn,
        kind: 'member-of',
        ref: { path, locator: `${pointer}/GroupList/${index}`, policyId: groupArn },
      };
      return this.#attached(group, 'GroupPolicyList', groupArn, [edge], gaps);
    });
  }

  /** Inline and managed policies of a user, group or role. */
  #attached(
    { content, path: file, pointer }: Placed,
    inlineList: string,
    owner: string,
    path: GrantPath,
    gaps: string[],
  ): Held[] {
    const found: Held[] = [];
    const attach = (policy: CompiledPolicy, to: string, at: string): void => {
      const ref = { path: file, locator: at, policyId: policy.origin.id };
      const via: GrantPath = [...path, { from: owner, to, kind: 'attached', ref }];
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
    const boundary = textAt(objectAt(content, 'PermissionsBoundary'), 'PermissionsBoundaryArn');
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

function isDefault(version: JsonObject, policy: JsonObject): boolean {
  const flag = version['IsDefaultVersion'];
  if (flag === undefined) return version['VersionId'] === policy['DefaultVersionId'];
  return flag === true || flag === 'true';
}

function accountOf(accounts: Map<string, Account>, entity: IamEntity): Account {
  const id = parseArn(entity.arn)?.account ?? '';
  const account = accounts.get(id) ?? emptyAccount(id);
  accounts.set(id, account);
  account.hasIdentities = true;
  return account;
}
