import type { RequestKnowledge } from '../../../domain/evaluation-request.ts';
import type { ConditionNode, PolicyRef, Step, Test } from '../../../domain/trace.ts';
import type { Conditions } from '../condition/conditions.ts';
import { matchMembers } from '../members.ts';
import type { AllowPolicy, Binding, DenyRule, Estate } from '../model.ts';
import { serviceOf } from '../names.ts';
import type { GcpRequest } from '../request.ts';

/** What rules are judged against. */
export interface Asked {
  readonly request: GcpRequest;
  readonly knowledge: RequestKnowledge;
  readonly estate: Estate;
  readonly conditions: Conditions;
}

/** A binding of an allow policy. A condition that fails with an error grants nothing. */
export function bindingStep(policy: AllowPolicy, binding: Binding, asked: Asked): Step {
  const { request, estate } = asked;
  const subject = matchMembers(binding.members, request.principal, estate);
  const action = inRole(binding.role, request.permission, estate);
  const condition = conditionOf(binding.condition, asked, subject, action);
  const matched = together([
    subject.result,
    action.result,
    condition === null ? 'match' : granted(condition),
  ]);
  return {
    id: idOf(binding.ref),
    ref: binding.ref,
    effect: 'allow',
    matched: matched === true && binding.unknown !== undefined ? 'unknown' : matched,
    via: [
      { from: request.principal.id, to: subject.pattern, kind: 'member-of' },
      { from: subject.pattern, to: binding.role, kind: 'bound-to', ref: binding.ref },
      ...(policy.node === request.node || policy.node === ''
        ? []
        : [{ from: policy.node, to: request.node, kind: 'inherits-scope' as const }]),
    ],
    ...(binding.unknown === undefined ? {} : { note: binding.unknown }),
    tests: { subject, action, ...(condition === null ? {} : { condition }) },
  };
}

function idOf({ path, locator, policyId }: PolicyRef): string {
  return `${policyId} ${path}#${locator}`;
}

function inRole(name: string, permission: string, { roles }: Estate): Test {
  const role = roles.get(name);
  const test = (result: Test['result'], why: string): Test => ({
    result,
    pattern: name,
    actual: permission,
    why,
  });
  if (role === undefined) return test('unknown', `The bundle does not have the role ${name}.`);
  if (role.isDead) return test('no-match', 'The role is deleted or disabled.');
  if (role.unknown !== undefined) return test('unknown', role.unknown);
  if (role.permissions === null) return test('unknown', `The bundle names ${name} without its permissions.`);
  return role.permissions.has(permission)
    ? { result: 'match', pattern: name, actual: permission }
    : test('no-match', `The role has ${role.permissions.size} permissions, and not this one.`);
}

/** A rule of a deny policy. Where the condition cannot be evaluated the rule applies. */
export function denyStep(rule: DenyRule, unknown: string | undefined, asked: Asked): Step {
  const { request, estate } = asked;
  const denied = matchMembers(rule.principals, request.principal, estate);
  const excepted = matchMembers(rule.exceptPrincipals, request.principal, estate);
  const subject = without(denied, excepted);
  const action = without(
    inPermissions(rule.permissions, request.permission),
    inPermissions(rule.exceptPermissions, request.permission),
  );
  const condition = conditionOf(rule.condition, asked, subject, action);
  const matched = together([
    subject.result,
    action.result,
    condition === null ? 'match' : applies(condition),
  ]);
  return {
    id: idOf(rule.ref),
    ref: rule.ref,
    effect: 'deny',
    matched: matched === true && unknown !== undefined ? 'unknown' : matched,
    ...(unknown === undefined ? {} : { note: unknown }),
    tests: { subject, action, ...(condition === null ? {} : { condition }) },
  };
}

function without(test: Test, exception: Test): Test {
  if (test.result === 'no-match' || exception.result === 'no-match') return test;
  const why = `${exception.pattern} is excepted.`;
  if (exception.result === 'match') return { ...test, result: 'no-match', why };
  return { ...test, result: 'unknown', why: exception.why ?? why };
}

/** `iam.googleapis.com/roles.list`, `…/roles.*`, `…/*.list`, `…/*.*`: https://cloud.google.com/iam/docs/deny-permissions-support */
function inPermissions(patterns: readonly string[], permission: string): Test {
  const full = `${serviceOf(permission)}/${permission.slice(permission.indexOf('.') + 1)}`;
  const found = patterns.find((pattern) => fits(pattern, full));
  if (found !== undefined) return { result: 'match', pattern: found, actual: full };
  return { result: 'no-match', pattern: patterns.slice(0, 5).join(', ') || 'nothing', actual: full };
}

function fits(pattern: string, permission: string): boolean {
  if (!pattern.includes('*')) return pattern === permission;
  const [service, path = ''] = pattern.split('/');
  const [ownService, ownPath = ''] = permission.split('/');
  if (service !== ownService) return false;
  if (path === '*') return true;
  const [wanted, own] = [apart(path), apart(ownPath)];
  return (
    (wanted.resource === '*' || wanted.resource === own.resource) &&
    (wanted.verb === '*' || wanted.verb === own.verb)
  );
}

function apart(path: string): { readonly resource: string; readonly verb: string } {
  const dot = path.lastIndexOf('.');
  return { resource: path.slice(0, dot), verb: path.slice(dot + 1) };
}

function conditionOf(
  expression: string | null,
  asked: Asked,
  subject: Test,
  action: Test,
): ConditionNode | null {
  if (expression === null) return null;
  if (subject.result === 'no-match' || action.result === 'no-match') {
    return { op: 'leaf', expr: expression, result: 'skipped' };
  }
  return asked.conditions.evaluate(expression, asked.request, asked.knowledge);
}

function granted({ result }: ConditionNode): Test['result'] {
  if (result === 'true') return 'match';
  return result === 'false' || result === 'error' ? 'no-match' : 'unknown';
}

function applies(node: ConditionNode): Test['result'] {
  if (node.result === 'error') return hasUnknown(node) ? 'unknown' : 'match';
  return granted(node);
}

function hasUnknown(node: ConditionNode): boolean {
  return node.result === 'unknown' || (node.children ?? []).some(hasUnknown);
}

function together(results: readonly Test['result'][]): Step['matched'] {
  if (results.includes('no-match')) return false;
  return results.includes('unknown') ? 'unknown' : true;
}
