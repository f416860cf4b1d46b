import {
  DescribePolicyCommand,
  ListPoliciesForTargetCommand,
  ListTargetsForPolicyCommand,
} from '@aws-sdk/client-organizations';
import { type Json, type JsonObject, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { type CallContext, ProviderError } from '../../../provider.ts';
import { type OrganizationClients, ask, pages } from './clients.ts';

/** At most so many service control policies are attached to one root, unit or account (Organizations quotas). */
export const mostAttached = 5;
/** Characters of one service control policy (Organizations quotas). */
export const longestPolicy = 5_120;

export async function policyText(
  { organizations }: OrganizationClients,
  id: string,
  call: CallContext,
): Promise<string> {
  const { Policy: policy } = await ask(call, (options) =>
    organizations.send(new DescribePolicyCommand({ PolicyId: id }), options),
  );
  return policy?.Content ?? '';
}

/** Ids of the service control policies on a root, unit or account itself. */
export function policiesOn(
  { organizations }: OrganizationClients,
  target: string,
  call: CallContext,
): Promise<string[]> {
  return pages(async (NextToken) => {
    const answer = await ask(call, (options) =>
      organizations.send(
        new ListPoliciesForTargetCommand({ TargetId: target, Filter: 'SERVICE_CONTROL_POLICY', NextToken }),
        options,
      ),
    );
    return { items: (answer.Policies ?? []).map(({ Id: id = '' }) => id), next: answer.NextToken };
  });
}

/** What a policy is attached to. */
export function targetsOf({ organizations }: OrganizationClients, policy: string, call: CallContext) {
  return pages(async (NextToken) => {
    const answer = await ask(call, (options) =>
      organizations.send(new ListTargetsForPolicyCommand({ PolicyId: policy, NextToken }), options),
    );
    return { items: answer.Targets ?? [], next: answer.NextToken };
  });
}

const userKey = 'identitystore:userId';

/** The statement that denies everything to users by their ids; null where the policy has none. */
export function denyOfUsers(text: string): { document: JsonObject; at: number; users: string[] } | null {
  const document = parsed(text);
  const statements = statementsOf(document);
  const at = statements.findIndex(
    (statement) =>
      isDenyAll(statement) && objectAt(objectAt(statement, 'Condition'), 'StringEquals') !== undefined,
  );
  const condition = objectAt(objectAt(statements[at], 'Condition'), 'StringEquals');
  const users = condition?.[userKey];
  if (at < 0 || users === undefined) return null;
  return { document, at, users: textsOf(users) };
}

/** The policy with another list of users; nothing else in it changes. */
export function withUsers(found: { document: JsonObject; at: number }, users: readonly string[]): string {
  const statements = statementsOf(found.document).map((statement, index) => {
    if (index !== found.at) return statement;
    const condition = objectAt(statement, 'Condition') ?? {};
    const equals = { ...objectAt(condition, 'StringEquals'), [userKey]: users };
    return { ...statement, Condition: { ...condition, StringEquals: equals } };
  });
  return JSON.stringify({ ...found.document, Statement: statements });
}

/** ARNs that a deny of everything leaves out; null where the policy does not deny everything. */
export function exemptOf(text: string): string[] | null {
  const statement = statementsOf(parsed(text)).find(isDenyAll);
  if (statement === undefined) return null;
  const condition = objectAt(statement, 'Condition') ?? {};
  return ['ArnNotLike', 'ArnNotEquals', 'StringNotLike', 'StringNotEquals'].flatMap((operator) =>
    textsOf(objectAt(condition, operator)?.['aws:PrincipalArn']),
  );
}

/** Whether a pattern of a policy (`*` for any characters, `?` for one) means the ARN. */
export function means(pattern: string, arn: string): boolean {
  let [at, place] = [0, 0];
  let star: { readonly at: number; in: number } | null = null;
  while (place < arn.length) {
    if (pattern[at] === '*') {
      star = { at: at + 1, in: place };
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === arn[place])) {
      at += 1;
      place += 1;
    } else if (star !== null) {
      star.in += 1;
      [at, place] = [star.at, star.in];
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

function isDenyAll(statement: JsonObject): boolean {
  return (
    textAt(statement, 'Effect') === 'Deny' &&
    textsOf(statement['Action']).includes('*') &&
    textsOf(statement['Resource']).includes('*')
  );
}

export function statementsOf(document: JsonObject): JsonObject[] {
  const statements = document['Statement'];
  return (Array.isArray(statements) ? statements : [statements]).filter(isObject);
}

export function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below like any other document that is none.
  }
  throw new ProviderError('protocol', 'AWS answered a policy that is no JSON object.');
}

function textsOf(value: Json | undefined): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string');
}
