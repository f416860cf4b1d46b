import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { PolicyRef } from '../../../domain/trace.ts';
import type { AllowPolicy, Binding, DenyPolicy, DenyRule, Role } from '../model.ts';
import { unknownBecause } from '../unknown.ts';

/** An allow policy: https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
export function readAllowPolicy(node: string, policy: JsonObject, place: PolicyRef): AllowPolicy {
  const ref = { ...place, policyId: node === '' ? 'allow policy' : `allow policy of ${node}` };
  const bindings = arrayAt(policy, 'bindings').flatMap((item, index): Binding[] => {
    if (!isObject(item)) return [];
    const role = textAt(item, 'role');
    if (role === null) return [];
    const why = unknownBecause(item);
    return [
      {
        role,
        members: texts(item['members']),
        condition: conditionOf(item['condition']),
        ref: { ...ref, locator: at(ref.locator, `bindings/${index}`), statementId: role, index },
        ...(why === null ? {} : { unknown: why }),
      },
    ];
  });
  const why = unknownBecause(policy);
  return { node, bindings, ref, ...(why === null ? {} : { unknown: why }) };
}

/** A deny policy: https://cloud.google.com/iam/docs/reference/rest/v2/policies */
export function readDenyPolicy(node: string, policy: JsonObject, place: PolicyRef): DenyPolicy {
  const name = textAt(policy, 'name') ?? textAt(policy, 'displayName') ?? 'deny policy';
  const short = name.slice(name.lastIndexOf('/') + 1);
  const ref = { ...place, policyId: `deny policy ${short}` };
  const rules = Array.isArray(policy['rules'])
    ? arrayAt(policy, 'rules').flatMap((item, index): DenyRule[] => {
        const rule = isObject(item) ? objectAt(item, 'denyRule') : undefined;
        if (rule === undefined) return [];
        return [
          {
            principals: texts(rule['deniedPrincipals']),
            exceptPrincipals: texts(rule['exceptionPrincipals']),
            permissions: texts(rule['deniedPermissions']),
            exceptPermissions: texts(rule['exceptionPermissions']),
            condition: conditionOf(rule['denialCondition']),
            ref: { ...ref, locator: at(ref.locator, `rules/${index}/denyRule`), index },
          },
        ];
      })
    : null;
  const why = unknownBecause(policy);
  return { node, name: short, rules, ref, ...(why === null ? {} : { unknown: why }) };
}

/** A role: https://cloud.google.com/iam/docs/reference/rest/v1/roles */
export function readRole(name: string, role: JsonObject, ref: PolicyRef): Role {
  const permissions = role['includedPermissions'];
  const why = unknownBecause(role);
  return {
    name,
    permissions: Array.isArray(permissions) ? new Set(texts(permissions)) : null,
    isDead: role['deleted'] === true || role['stage'] === 'DISABLED',
    ref: { ...ref, policyId: name },
    ...(why === null ? {} : { unknown: why }),
  };
}

export function conditionOf(value: Json | undefined): string | null {
  const expression = isObject(value) ? value['expression'] : undefined;
  return typeof expression === 'string' && expression.trim() !== '' ? expression : null;
}

export function texts(value: Json | undefined): string[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter((item): item is string => typeof item === 'string')
    : [];
}

/** A place within one that may be a line of JSON Lines, which is as near as it gets. */
function at(locator: string, inner: string): string {
  return locator.includes(':') ? locator : `${locator}/${inner}`;
}
