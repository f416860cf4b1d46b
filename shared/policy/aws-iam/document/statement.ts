import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { type Complain, type CompiledCondition, compileCondition } from '../condition/condition.ts';
import { expandAction } from '../catalogue/catalogue.ts';
import { Glob, wildcardPieces } from '../match/glob.ts';
import { ResourcePattern } from '../match/resource-pattern.ts';
import { type CompiledPrincipal, compilePrincipal } from './principal.ts';

/** Where a policy stands decides which elements it may have. */
export type PolicyKind = 'identity' | 'session' | 'resource' | 'scp' | 'rcp' | 'vpce';

export interface ActionElement {
  readonly not: boolean;
  readonly patterns: readonly { readonly text: string; readonly glob: Glob }[];
  readonly text: string;
}

export interface ResourceElement {
  readonly not: boolean;
  readonly patterns: readonly ResourcePattern[];
  readonly text: string;
}

export interface CompiledStatement {
  readonly index: number;
  readonly sid: string | null;
  readonly effect: 'allow' | 'deny';
  readonly action: ActionElement;
  /** Null where the policy means the resource that it is attached to. */
  readonly resource: ResourceElement | null;
  /** Null where the principal is whom the policy is attached to. */
  readonly principal: CompiledPrincipal | null;
  readonly condition: CompiledCondition | null;
}

const known = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);
const withPrincipal: readonly PolicyKind[] = ['resource', 'rcp', 'vpce'];

/** A complaint that leaves the statement usable is a warning; any other makes its meaning unknown. */
export interface Complaints {
  readonly error: Complain;
  readonly warning: Complain;
}

/** Compiles one statement; null where it cannot be used. Complaints have pointers relative to it. */
export function compileStatement(
  statement: Json,
  index: number,
  kind: PolicyKind,
  variables: boolean,
  { error, warning }: Complaints,
): CompiledStatement | null {
  if (!isObject(statement)) {
    error('', 'Expected a statement object.');
    return null;
  }
  let faults = 0;
  const fail: Complain = (pointer, message) => {
    faults++;
    error(pointer, message);
  };
  for (const name of Object.keys(statement)) {
    if (!known.has(name)) fail(`/${name}`, `“${name}” is no element of a statement.`);
  }
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') fail('/Effect', 'Expected "Allow" or "Deny".');
  const action = readAction(statement, fail, warning);
  const resource = readResource(statement, kind, variables, fail, warning);
  const principal = readPrincipal(statement, kind, fail, warning);
  const condition = statement['Condition'];
  const compiled =
    condition === undefined
      ? null
      : compileCondition(condition, variables, (pointer, message) => fail(`/Condition${pointer}`, message));
  const sid = statement['Sid'];
  if (sid !== undefined && typeof sid !== 'string') warning('/Sid', 'Expected a text.');
  if (faults > 0 || action === null) return null;
  return {
    index,
    sid: typeof sid === 'string' && sid !== '' ? sid : null,
    effect: effect === 'Deny' ? 'deny' : 'allow',
    action,
    resource,
    principal,
    condition: compiled !== null && compiled.comparisons.length > 0 ? compiled : null,
  };
}

/** The one of two elements that exclude each other; null where neither is there. */
function oneOf(statement: JsonObject, name: string, fail: Complain): { not: boolean; value: Json } | null {
  const plain = statement[name];
  const negative = statement[`Not${name}`];
  if (plain !== undefined && negative !== undefined) {
    fail(`/Not${name}`, `${name} and Not${name} exclude each other.`);
    return null;
  }
  if (plain !== undefined) return { not: false, value: plain };
  return negative === undefined ? null : { not: true, value: negative };
}

function texts(value: Json): readonly string[] | null {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return null;
  const list = value as readonly Json[];
  return list.every((item) => typeof item === 'string') ? list : null;
}

/** Names of actions looked up in one statement: what is longer is no policy that AWS takes. */
const mostLookedUp = 1000;

function readAction(statement: JsonObject, fail: Complain, warning: Complain): ActionElement | null {
  const found = oneOf(statement, 'Action', fail);
  if (found === null) {
    if (statement['Action'] === undefined) fail('', 'Expected Action or NotAction.');
    return null;
  }
  const pointer = found.not ? '/NotAction' : '/Action';
  const list = texts(found.value);
  if (list === null || list.length === 0) {
    fail(pointer, 'Expected the name of an action or a list of them.');
    return null;
  }
  for (const [place, text] of list.entries()) {
    if (text !== '*' && !/^[a-z0-9*?-]+:\S+$/i.test(text)) fail(pointer, `“${text}” is no action.`);
    else if (place < mostLookedUp && expandAction(text).length === 0) {
      warning(pointer, `“${text}” covers no known action.`);
    }
  }
  const patterns = list.map((text) => ({ text, glob: new Glob(wildcardPieces(text), true) }));
  return { not: found.not, patterns, text: list.join(', ') };
}

function readResource(
  statement: JsonObject,
  kind: PolicyKind,
  variables: boolean,
  fail: Complain,
  warning: Complain,
): ResourceElement | null {
  const found = oneOf(statement, 'Resource', fail);
  if (found === null) {
    const optional = kind === 'resource' || kind === 'vpce';
    if (!optional && statement['Resource'] === undefined) fail('', 'Expected Resource or NotResource.');
    return null;
  }
  const pointer = found.not ? '/NotResource' : '/Resource';
  const list = texts(found.value);
  if (list === null) {
    fail(pointer, 'Expected the ARN of a resource or a list of them.');
    return null;
  }
  const patterns = list.map((text) => new ResourcePattern(text, variables));
  for (const { text, fault } of patterns) {
    if (fault !== null) warning(pointer, `“${text}” matches nothing. ${fault}`);
    else if (kind !== 'resource' && text !== '*' && !text.startsWith('arn:')) {
      warning(pointer, `“${text}” is no ARN.`);
    }
  }
  return { not: found.not, patterns, text: list.join(', ') };
}

function readPrincipal(
  statement: JsonObject,
  kind: PolicyKind,
  fail: Complain,
  warning: Complain,
): CompiledPrincipal | null {
  const found = oneOf(statement, 'Principal', fail);
  if (!withPrincipal.includes(kind)) {
    if (found !== null)
      fail(found.not ? '/NotPrincipal' : '/Principal', 'Such a policy cannot name principals.');
    return null;
  }
  if (found === null) {
    if (kind === 'resource') fail('', 'Expected Principal or NotPrincipal.');
    else warning('', 'Expected Principal; taken as everyone.');
    return null;
  }
  const pointer = found.not ? '/NotPrincipal' : '/Principal';
  // A principal that AWS would not accept names nobody; the others of the list stand.
  return compilePrincipal(found.value, found.not, (at, message) => warning(`${pointer}${at}`, message));
}
