import { type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { PolicyEffect, ReadChange } from '../../../domain/policy-change.ts';
import { documentEffect } from './document-effect.ts';
import {
  organizationAttached,
  organizationDocument,
  organizationId,
  organizationMade,
  organizationPlace,
  organizationType,
  organizationUnit,
  organizationUpdated,
  type OrganizationKind,
} from './names.ts';

/** Calls to AWS Organizations that bear on decisions, for the query of changes. */
export const organizationOperations =
  'UpdatePolicy OR AttachPolicy OR DetachPolicy OR MoveAccount OR DisablePolicyType OR EnablePolicyType OR ' +
  'RemoveAccountFromOrganization OR LeaveOrganization OR AcceptHandshake OR CreateAccountResult OR ' +
  'CreateOrganizationalUnit';

const kinds: Readonly<Record<string, OrganizationKind>> = {
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
};
const both: readonly OrganizationKind[] = ['scp', 'rcp'];

function kindOf(type: string | null): OrganizationKind | undefined {
  return type !== null && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
}

interface Call {
  readonly record: JsonObject;
  readonly parameters: JsonObject;
  readonly response: JsonObject | undefined;
}

type Rule = (call: Call) => readonly PolicyEffect[] | null;

/**
 * What calls to AWS Organizations changed. Id, name, kind and content of a policy that is made or updated stand in the
 * answer; calls that attach and detach name policies by their ids alone. A unit can only be deleted where it is empty,
 * and a policy where it is attached nowhere.
 * Source: AWS Organizations API Reference, "Actions"
 */
const rules: Readonly<Record<string, Rule>> = {
  CreatePolicy: ({ parameters, response }) => {
    const { id, name, kind, isOther, content } = answerOf(response, parameters);
    if (isOther || name === null || kind === undefined) return [];
    return [
      ...(id === null ? [] : [{ kind: 'set' as const, element: organizationMade(id), value: true }]),
      fresh(documentEffect(organizationDocument(kind, name), content)),
      ...learned(id, kind, name),
    ];
  },
  UpdatePolicy: ({ parameters, response }) => {
    const { id, name, kind, isOther, content } = answerOf(response, parameters);
    if (isOther) return [];
    if (id === null || name === null || kind === undefined) {
      const why = 'A policy of the organization was updated, and the log does not tell which.';
      return (kind === undefined ? both : [kind]).map((each) => ({
        kind: 'blur',
        prefix: organizationDocument(each, ''),
        why,
      }));
    }
    return [
      // Whether the name is a new one is told by what there was before.
      ...(textAt(parameters, 'name') === null ? [] : [updated(kind, id, name)]),
      documentEffect(organizationDocument(kind, name), content),
      ...learned(id, kind, name),
    ];
  },
  AttachPolicy: ({ parameters }) => attachment(parameters, 'attached', 'detached'),
  DetachPolicy: ({ parameters }) => attachment(parameters, 'detached', 'attached'),
  CreateOrganizationalUnit: ({ parameters, response }) => {
    const id = textAt(objectAt(response, 'organizationalUnit'), 'id');
    const parent = textAt(parameters, 'parentId');
    // A unit bears on nothing until it is used: of which it is not known the account in it is not known.
    if (id === null || parent === null) return [];
    return [{ kind: 'set', element: organizationUnit(id), value: parent, fresh: true }];
  },
  MoveAccount: ({ parameters }) => {
    const account = textAt(parameters, 'accountId');
    const [from, to] = [textAt(parameters, 'sourceParentId'), textAt(parameters, 'destinationParentId')];
    if (account === null || to === null) return null;
    const element = organizationPlace(account);
    return [{ kind: 'set', element, value: to, ...(from === null ? {} : { before: from }) }];
  },
  RemoveAccountFromOrganization: ({ parameters }) => left(textAt(parameters, 'accountId')),
  LeaveOrganization: ({ record }) => left(textAt(objectAt(record, 'userIdentity'), 'accountId')),
  // It is the account that is invited that accepts an invitation.
  AcceptHandshake: ({ record, response }) => {
    const action = textAt(objectAt(response, 'handshake'), 'action');
    const isOther = action !== null && action !== 'INVITE';
    return isOther ? [] : joined(textAt(objectAt(record, 'userIdentity'), 'accountId'));
  },
  CreateAccountResult: ({ record }) => {
    const status = objectAt(objectAt(record, 'serviceEventDetails'), 'createAccountStatus');
    return textAt(status, 'state') === 'SUCCEEDED' ? joined(textAt(status, 'accountId')) : [];
  },
  EnablePolicyType: ({ parameters }) => typeSwitched(parameters),
  DisablePolicyType: ({ parameters }) => typeSwitched(parameters),
};

function answerOf(response: JsonObject | undefined, parameters: JsonObject) {
  const policy = objectAt(response, 'policy');
  const summary = objectAt(policy, 'policySummary');
  const type = textAt(summary, 'type') ?? textAt(parameters, 'type');
  const kind = kindOf(type);
  const content: Json | undefined = policy?.['content'] ?? parameters['content'];
  const name = textAt(summary, 'name') ?? textAt(parameters, 'name');
  return { id: textAt(summary, 'id'), name, kind, isOther: type !== null && kind === undefined, content };
}

/** A name is given once in an organization, so that the policy was not there before. */
function fresh(effect: PolicyEffect): PolicyEffect {
  return effect.kind === 'set' || effect.kind === 'lose' ? { ...effect, fresh: true } : effect;
}

function learned(id: string | null, kind: OrganizationKind, name: string): PolicyEffect[] {
  return id === null ? [] : [{ kind: 'learn', element: organizationId(id), value: { kind, name } }];
}

function updated(kind: OrganizationKind, id: string, name: string): PolicyEffect {
  return { kind: 'set', element: organizationUpdated(kind, id, name), value: true };
}

/** Attaching fails where it is attached already, and detaching where it is not. */
function attachment(parameters: JsonObject, value: string, before: string): readonly PolicyEffect[] | null {
  const [policy, target] = [textAt(parameters, 'policyId'), textAt(parameters, 'targetId')];
  if (policy === null || target === null) return null;
  return [{ kind: 'set', element: organizationAttached(target, policy), value, before }];
}

function joined(account: string | null): readonly PolicyEffect[] | null {
  if (account === null) return null;
  const why = 'The account joined the organization, and the log does not tell where it stands in it.';
  return [{ kind: 'lose', element: organizationPlace(account), why }];
}

/** What was attached to an account does not come back with it. */
function left(account: string | null): readonly PolicyEffect[] | null {
  if (account === null) return null;
  const why = 'The account left the organization, and what was attached to it since is not known.';
  return [
    { kind: 'unset', element: organizationPlace(account) },
    { kind: 'sweep', prefix: organizationAttached(account, '') },
    { kind: 'lose', element: organizationAttached(account, 'all'), why },
  ];
}

/** Where a kind is switched off all its policies are detached, and AWS's own is attached where it is switched on. */
function typeSwitched(parameters: JsonObject): readonly PolicyEffect[] | null {
  const type = textAt(parameters, 'policyType');
  const kind = kindOf(type);
  const why = 'Policies of this kind were switched on or off, which changes what is attached everywhere.';
  if (kind === undefined) return type === null ? null : [];
  return [{ kind: 'lose', element: organizationType(kind), why }];
}

/** What a call to AWS Organizations changed; null where it bears on no decision. */
export function organizationChange(operation: string, record: JsonObject): ReturnType<ReadChange> {
  const rule = Object.hasOwn(rules, operation) ? rules[operation] : undefined;
  if (rule === undefined) return null;
  const parameters = objectAt(record, 'requestParameters') ?? {};
  const effects = rule({ record, parameters, response: objectAt(record, 'responseElements') });
  if (effects !== null) return effects.length === 0 ? null : { effects };
  const why = `${operation} changed the organization, and the log does not tell what.`;
  return {
    effects: both.map((kind) => ({ kind: 'lose', element: organizationType(kind), why })),
    unclear: why,
  };
}
