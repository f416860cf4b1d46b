import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { PolicyEffect, ReadChange } from '../../../domain/policy-change.ts';
import { isAccountId, parseArn } from '../match/arn.ts';
import { documentEffect } from './document-effect.ts';
import {
  attachedName,
  boundaryName,
  defaultName,
  idName,
  inlineName,
  memberName,
  organizationMark,
  type OwnerKind,
  ownerName,
  policyName,
  tagsName,
  trustName,
  versionName,
} from './names.ts';
import { organizationChange, organizationOperations } from './organization-changes.ts';
import { resourceChange, resourceOperations } from './resource-changes.ts';

/** Finds the events of which some change policies. */
export const changeQuery =
  'format:aws-cloudtrail outcome:allow operation:(Put*Policy OR Delete*Policy OR Attach*Policy OR Detach*Policy OR ' +
  'CreatePolicy OR CreatePolicyVersion OR SetDefaultPolicyVersion OR DeletePolicyVersion OR UpdateAssumeRolePolicy OR ' +
  '*PermissionsBoundary OR AddUserToGroup OR RemoveUserFromGroup OR CreateUser OR DeleteUser OR UpdateUser OR ' +
  'CreateRole OR DeleteRole OR CreateServiceLinkedRole OR CreateGroup OR DeleteGroup OR UpdateGroup OR TagUser OR ' +
  `UntagUser OR TagRole OR UntagRole OR ${organizationOperations} OR ${resourceOperations})`;

interface Call {
  readonly account: string;
  readonly parameters: JsonObject;
  readonly response: JsonObject | undefined;
}

type Rule = (call: Call) => readonly PolicyEffect[] | null;

/** The user, role or group that a call names. */
function ownerIn({ account, parameters }: Call, kind: OwnerKind): string | null {
  const name = textAt(parameters, `${kind}Name`);
  return name === null ? null : ownerName(kind, account, name);
}

/** A rule about what belongs to a user, role or group. */
function about(
  kind: OwnerKind,
  effects: (owner: string, call: Call) => readonly PolicyEffect[] | null,
): Rule {
  return (call) => {
    const owner = ownerIn(call, kind);
    return owner === null ? null : effects(owner, call);
  };
}

function named(
  call: Call,
  key: string,
  effect: (value: string) => PolicyEffect,
): readonly PolicyEffect[] | null {
  const value = textAt(call.parameters, key);
  return value === null ? null : [effect(value)];
}

/** Calls that users, roles and groups have alike. Source: IAM API Reference, "Actions". */
function ownerRules(kind: OwnerKind, word: string): Record<string, Rule> {
  return {
    [`Put${word}Policy`]: about(kind, (owner, call) =>
      named(call, 'policyName', (policy) =>
        documentEffect(inlineName(owner, policy), call.parameters['policyDocument']),
      ),
    ),
    [`Delete${word}Policy`]: about(kind, (owner, call) =>
      named(call, 'policyName', (policy) => ({ kind: 'unset', element: inlineName(owner, policy) })),
    ),
    [`Attach${word}Policy`]: about(kind, (owner, call) =>
      named(call, 'policyArn', (arn) => ({ kind: 'add', element: attachedName(owner, arn), value: true })),
    ),
    [`Detach${word}Policy`]: about(kind, (owner, call) =>
      named(call, 'policyArn', (arn) => ({ kind: 'unset', element: attachedName(owner, arn) })),
    ),
    [`Put${word}PermissionsBoundary`]: about(kind, (owner, call) =>
      named(call, 'permissionsBoundary', (arn) => ({
        kind: 'set',
        element: boundaryName(owner),
        value: arn,
      })),
    ),
    [`Delete${word}PermissionsBoundary`]: about(kind, (owner) => [
      { kind: 'drop', element: boundaryName(owner) },
    ]),
    [`Create${word}`]: about(kind, (owner, call) => created(kind, owner, call)),
    [`Delete${word}`]: about(kind, (owner) => [{ kind: 'unset', element: owner }]),
    [`Update${word}`]: about(kind, (owner, call) => renamed(kind, owner, call)),
    [`Tag${word}`]: about(kind, (owner, { parameters }) => [
      { kind: 'patch', element: tagsName(owner), form: 'merge', patch: tagsOf(parameters), orNothing: true },
    ]),
    [`Untag${word}`]: about(kind, (owner, { parameters }) => [
      {
        kind: 'patch',
        element: tagsName(owner),
        form: 'merge',
        patch: untagged(parameters),
        orNothing: true,
      },
    ]),
  };
}

function created(kind: OwnerKind, owner: string, { account, parameters, response }: Call): PolicyEffect[] {
  const answered = objectAt(response, kind);
  const name = textAt(parameters, `${kind}Name`) ?? '';
  const path = textAt(parameters, 'path') ?? '/';
  const arn = textAt(answered, 'arn') ?? `arn:aws:iam::${account}:${kind}${path}${name}`;
  const effects: PolicyEffect[] = [{ kind: 'set', element: owner, value: { arn }, fresh: true }];
  const id = textAt(answered, `${kind}Id`);
  if (id !== null) effects.push({ kind: 'set', element: idName(owner), value: id });
  const boundary = textAt(parameters, 'permissionsBoundary');
  if (boundary !== null) effects.push({ kind: 'set', element: boundaryName(owner), value: boundary });
  if (kind === 'role') {
    const document = parameters['assumeRolePolicyDocument'] ?? answered?.['assumeRolePolicyDocument'];
    effects.push(documentEffect(trustName(owner), document));
  }
  const tags = tagsOf(parameters);
  if (Object.keys(tags).length > 0) effects.push({ kind: 'set', element: tagsName(owner), value: tags });
  return effects;
}

function renamed(kind: OwnerKind, owner: string, { account, parameters }: Call): PolicyEffect[] {
  const word = kind === 'user' ? 'User' : 'Group';
  const [newName, newPath] = [textAt(parameters, `new${word}Name`), textAt(parameters, 'newPath')];
  if (kind === 'role' || (newName === null && newPath === null)) return [];
  const name = newName ?? textAt(parameters, `${kind}Name`) ?? '';
  const to = ownerName(kind, account, name);
  const value = newPath === null ? {} : { arn: `arn:aws:iam::${account}:${kind}${newPath}${name}` };
  return [{ kind: 'rename', from: owner, to, value }];
}

function tagsOf(parameters: JsonObject): Record<string, Json> {
  const tags: Record<string, Json> = {};
  for (const item of arrayAt(parameters, 'tags')) {
    const key = isObject(item) ? textAt(item, 'key') : null;
    if (isObject(item) && key !== null) tags[key.toLowerCase()] = textAt(item, 'value') ?? '';
  }
  return tags;
}

function untagged(parameters: JsonObject): Record<string, Json> {
  const keys = arrayAt(parameters, 'tagKeys').filter((key) => typeof key === 'string');
  return Object.fromEntries(keys.map((key) => [key.toLowerCase(), null]));
}

const rules: Readonly<Record<string, Rule>> = {
  ...ownerRules('user', 'User'),
  ...ownerRules('role', 'Role'),
  ...ownerRules('group', 'Group'),
  UpdateAssumeRolePolicy: about('role', (owner, { parameters }) => [
    documentEffect(trustName(owner), parameters['policyDocument']),
  ]),
  AddUserToGroup: about('user', (user, call) => membership(user, call, 'add')),
  RemoveUserFromGroup: about('user', (user, call) => membership(user, call, 'drop')),
  CreateServiceLinkedRole: ({ account, response }) => {
    const role = objectAt(response, 'role');
    const name = textAt(role, 'roleName');
    return role === undefined || name === null
      ? null
      : created('role', ownerName('role', account, name), { account, parameters: role, response });
  },
  CreatePolicy: ({ account, parameters, response }) => {
    const name = textAt(parameters, 'policyName');
    if (name === null) return null;
    const path = textAt(parameters, 'path') ?? '/';
    const arn = textAt(objectAt(response, 'policy'), 'arn') ?? `arn:aws:iam::${account}:policy${path}${name}`;
    return [
      { kind: 'set', element: policyName(arn), value: true, fresh: true },
      { kind: 'set', element: defaultName(arn), value: 'v1' },
      learned(versionName(arn, 'v1'), parameters['policyDocument']),
    ];
  },
  CreatePolicyVersion: ({ parameters, response }) => {
    const arn = textAt(parameters, 'policyArn');
    if (arn === null) return null;
    const isDefault = parameters['setAsDefault'] === true || parameters['setAsDefault'] === 'true';
    const version = textAt(objectAt(response, 'policyVersion'), 'versionId');
    if (version === null) {
      const why = 'A new version of it was made the default, and the log does not tell its number.';
      return isDefault ? [{ kind: 'lose', element: defaultName(arn), why }] : [];
    }
    const content = learned(versionName(arn, version), parameters['policyDocument']);
    return isDefault ? [content, { kind: 'set', element: defaultName(arn), value: version }] : [content];
  },
  SetDefaultPolicyVersion: ({ parameters }) => {
    const [arn, version] = [textAt(parameters, 'policyArn'), textAt(parameters, 'versionId')];
    return arn === null || version === null
      ? null
      : [{ kind: 'set', element: defaultName(arn), value: version }];
  },
  // A version that is not the default decides nothing, and the default cannot be deleted.
  DeletePolicyVersion: () => [],
  DeletePolicy: (call) => named(call, 'policyArn', (arn) => ({ kind: 'unset', element: policyName(arn) })),
};

function membership(user: string, call: Call, kind: 'add' | 'drop'): readonly PolicyEffect[] | null {
  const group = ownerIn(call, 'group');
  if (group === null) return null;
  const element = memberName(user, group);
  return [kind === 'add' ? { kind, element, value: true } : { kind, element }];
}

function learned(element: string, document: Json | undefined): PolicyEffect {
  const effect = documentEffect(element, document);
  return effect.kind === 'set' ? { kind: 'learn', element, value: effect.value } : effect;
}

/** What a call to IAM, or to a service whose resources have policies, changed. */
export const readChange: ReadChange = (event, record) => {
  const source = textAt(record, 'eventSource');
  const operation = event.operation ?? '';
  if (textAt(record, 'errorCode') !== null) return null;
  const account =
    textAt(record, 'recipientAccountId') ?? textAt(objectAt(record, 'userIdentity'), 'accountId') ?? '';
  const parameters = objectAt(record, 'requestParameters');
  const response = objectAt(record, 'responseElements');
  if (source === 'organizations.amazonaws.com') return organizationChange(operation, record);
  if (source !== 'iam.amazonaws.com') return resourceChange(source ?? '', operation, account, record);
  const rule = Object.hasOwn(rules, operation) ? rules[operation] : undefined;
  if (rule === undefined) return null;
  const effects =
    isAccountId(account) && parameters !== undefined ? rule({ account, parameters, response }) : null;
  if (effects === null) return { effects: [], unclear: 'The log does not tell what the call changed.' };
  return effects.length === 0 ? null : { effects };
};

/** The account of an element; null where a bundle may have it or not: AWS's own policies, and versions. */
export function scopeOf(element: string): string | null | undefined {
  const [facet = '', first = '', second = ''] = element.split(' ');
  if (facet === 'organization-document' || facet === 'organization-place') return organizationMark;
  if (facet.startsWith('organization')) return facet === organizationMark ? facet : undefined;
  if (facet === 'version') return null;
  const arn = facet === 'policy' ? first : facet === 'default' ? second : null;
  if (arn !== null) {
    const account = parseArn(arn)?.account ?? '';
    return isAccountId(account) ? account : null;
  }
  if (facet === 'user' || facet === 'role' || facet === 'group') return first;
  return facet === 'resource' || facet === 'resources' ? `resources of ${first}` : second;
}
