import type { ConditionNode } from '../../../domain/trace.ts';
import type { Hit } from './attachment.ts';
import { type Considered, isOuterLimit } from './grants.ts';
import type { EvaluatedLayer } from './layers.ts';

/** What must hold besides what is known: simplified to the tests whose outcome is unknown. */
type Residual = boolean | ConditionNode;

function leaf(expr: string): ConditionNode {
  return { op: 'leaf', expr, result: 'unknown' };
}

function allOf(parts: readonly Residual[]): Residual {
  const open = parts.filter((part): part is ConditionNode => typeof part !== 'boolean');
  if (parts.includes(false)) return false;
  return join('all', ' AND ', open) ?? true;
}

function anyOf(parts: readonly Residual[]): Residual {
  const open = parts.filter((part): part is ConditionNode => typeof part !== 'boolean');
  if (parts.includes(true)) return true;
  return join('any', ' OR ', open) ?? false;
}

function join(op: 'all' | 'any', word: string, parts: readonly ConditionNode[]): ConditionNode | null {
  const distinct = [...new Map(parts.map((part) => [part.expr, part])).values()];
  const [first] = distinct;
  if (first === undefined || distinct.length === 1) return first ?? null;
  const expr = distinct.map((part) => (part.op === 'leaf' ? part.expr : `(${part.expr})`)).join(word);
  return { op, expr, result: 'unknown', children: distinct };
}

function not(part: Residual): Residual {
  if (typeof part === 'boolean') return !part;
  return { op: 'not', expr: `NOT (${part.expr})`, result: 'unknown', children: [part] };
}

/** The unknown tests of a statement that may have applied. */
function openTests({ step, matched }: Hit): Residual {
  if (matched === true) return true;
  const { subject, resource, condition } = step.tests;
  const parts: ConditionNode[] = [];
  if (subject?.result === 'unknown') parts.push(leaf(`the caller is ${subject.pattern}`));
  if (resource?.result === 'unknown') parts.push(leaf(`the resource matches ${resource.pattern}`));
  for (const child of condition?.children ?? []) if (child.result === 'unknown') parts.push(child);
  return allOf(parts);
}

function layerAllows(layer: EvaluatedLayer): Residual {
  if (typeof layer.allow === 'boolean') return layer.allow;
  return anyOf([...openHits(layer, () => true), ...gapsOf(layer, 'allows this')]);
}

function openHits(layer: EvaluatedLayer, counts: (hit: Hit) => boolean): Residual[] {
  return layer.hits.filter((hit) => hit.statement.effect === 'allow' && counts(hit)).map(openTests);
}

function gapsOf(layer: EvaluatedLayer, what: string): Residual[] {
  return layer.gaps.map((gap) => leaf(`${what}, although not known: ${gap}`));
}

function layerDenies(layer: EvaluatedLayer): Residual {
  if (typeof layer.deny === 'boolean') return layer.deny;
  const denies = layer.hits.filter((hit) => hit.statement.effect === 'deny').map(openTests);
  return anyOf([...denies, ...gapsOf(layer, 'denies this')]);
}

/** Under which condition on the unknown the request would be allowed; null where it simplifies to none. */
export function residualOf(considered: Considered): ConditionNode | null {
  const { layers, combination } = considered;
  const named = (name: string): EvaluatedLayer | undefined => layers.find((layer) => layer.name === name);
  const allows = (name: string, otherwise: boolean): Residual => {
    const layer = named(name);
    return layer === undefined ? otherwise : layerAllows(layer);
  };
  const resource = named('resource');
  const reaching = (reach: Hit['reach']): Residual =>
    resource === undefined
      ? false
      : anyOf([...openHits(resource, (hit) => hit.reach === reach), ...gapsOf(resource, 'allows this')]);
  const [direct, role, account] = [reaching('direct'), reaching('role'), reaching('account')];
  const any = anyOf([direct, role, account]);
  const limits = [allows('boundary', true), allows('session', true)];
  const byIdentity = allOf([allows('identity', false), ...limits]);
  const grants = {
    'resource-only': any,
    'cross-account': allOf([byIdentity, any]),
    'both-needed': anyOf([direct, allOf([role, ...limits]), allOf([byIdentity, any])]),
    'same-account': anyOf([direct, allOf([role, ...limits]), byIdentity]),
  }[combination];
  const outer = layers.filter(isOuterLimit).map(layerAllows);
  const denies = layers.map((layer) => not(layerDenies(layer)));
  const residual = allOf([grants, ...outer, ...denies]);
  return typeof residual === 'boolean' ? null : residual;
}

const variable = /\$\{([^},]+)/;

/** Names of the keys that unknown tests read, in the order of the layers. */
export function unknownsOf({ layers }: Considered): string[] {
  const names = new Set<string>();
  const read = (node: ConditionNode): void => {
    if (node.op === 'leaf' && node.result === 'unknown') {
      const unresolved = node.why === undefined ? null : variable.exec(node.why);
      const name = unresolved?.[1] ?? node.key;
      if (name !== undefined) names.add(name);
    }
    node.children?.forEach(read);
  };
  for (const layer of layers) {
    const allowMatters = layer.allow === 'unknown' || layer.name === 'resource';
    for (const { step, matched, statement } of layer.hits) {
      if (matched === true || (statement.effect === 'allow' && !allowMatters)) continue;
      if (step.tests.condition !== undefined) read(step.tests.condition);
      const { resource } = step.tests;
      const unresolved = resource?.result === 'unknown' ? variable.exec(resource.why ?? '') : null;
      if (unresolved?.[1] !== undefined) names.add(unresolved[1]);
    }
  }
  return [...names];
}
