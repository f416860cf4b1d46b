import type { Entitlement } from '../../domain/entitlement.ts';
import type { ConditionNode, GrantPath, PolicyRef } from '../../domain/trace.ts';
import { matcherOf, shownExpression } from './explain.ts';
import type { LoadedModel } from './model.ts';
import { bare, contextKey, rolesOf } from './request.ts';
import { roleChain } from './roles.ts';

const definitions = { r: 'r', p: 'p', e: 'e', m: 'm' };

interface Line {
  readonly values: readonly string[];
  readonly ref: PolicyRef;
  readonly subject: string;
  readonly domain: string | undefined;
  readonly resource: string;
  readonly action: string;
  readonly denies: boolean;
}

/**
 * Effective permissions: each allowing line for each name that is its subject or has it as a role. A resource has
 * its domain before it (`DOMAIN:OBJECT`) where lines have domains; `:name` of a path is `*`. Parts of the matcher
 * that are neither an equality nor a role nor a pattern are the condition.
 */
export function* entitlementsOf(
  loaded: LoadedModel,
  subjects: readonly string[],
  wanted?: string,
): Iterable<Entitlement> {
  const lines = linesOf(loaded);
  const condition = conditionOf(loaded);
  const found = new Map<string, Entitlement>();
  for (const subject of new Set(subjects)) {
    if (wanted !== undefined && subject !== wanted) continue;
    for (const line of lines.filter(({ denies }) => !denies)) {
      const path = pathTo(loaded, subject, line);
      if (path === null) continue;
      const resource = patternOf(line);
      const key = JSON.stringify(['casbin', subject, line.action, resource]);
      const grant = { path, ref: line.ref };
      const known = found.get(key);
      const limits = lines.filter(
        (other) =>
          other.denies &&
          other.action === line.action &&
          patternOf(other) === resource &&
          pathTo(loaded, subject, other) !== null,
      );
      found.set(key, {
        key,
        system: 'casbin',
        subject: { type: 'subject', id: subject },
        action: { pattern: line.action },
        resource: { pattern: resource },
        condition,
        conditionality: condition === null ? 'always' : 'conditional',
        grants: [...(known?.grants ?? []), grant],
        limitedBy: limits.map(({ ref }) => ref),
        risks: line.action === '*' || line.resource === '*' ? ['wildcard'] : [],
      });
    }
  }
  yield* found.values();
}

/** Null where the line is neither the subject's own nor that of a role it has. */
function pathTo({ model, places }: LoadedModel, subject: string, line: Line): GrantPath | null {
  if (line.subject === subject) return [];
  const domain = line.domain === undefined ? {} : { domain: line.domain };
  const path = roleChain(model, places, { definition: 'g', from: subject, to: line.subject, ...domain });
  return path.length === 0 ? null : path;
}

function linesOf({ model, places }: LoadedModel): Line[] {
  const assertion = model.model.get('p')?.get('p');
  const names = assertion?.tokens.map(bare) ?? [];
  const roles = rolesOf(names.map((name) => (name === 'eft' || name === 'priority' ? 'domain' : name)));
  const [subject, resource, action] = (['subject', 'resource', 'action'] as const).map((role) =>
    roles.indexOf(role),
  );
  const domain = names.findIndex((name) => contextKey(name) === 'domain');
  return (assertion?.policy ?? []).flatMap((values) => {
    const ref = places.get(values);
    const name = values[subject ?? -1];
    if (ref === undefined || name === undefined) return [];
    return [
      {
        values,
        ref,
        subject: name,
        domain: domain === -1 ? undefined : values[domain],
        resource: values[resource ?? -1] ?? '*',
        action: values[action ?? -1] ?? '*',
        denies: values[names.indexOf('eft')] === 'deny',
      },
    ];
  });
}

function patternOf({ domain, resource }: Line): string {
  const object = resource.replaceAll(/:[A-Za-z_]\w*|\{\w+\}/g, '*');
  return domain === undefined ? object : `${domain}:${object}`;
}

const plain = /^(?:r_\w+\s*==\s*p_\w+|g\d*\(.*\)|(?:keyMatch\d?|globMatch)\(.*\))$/;

/** What the matcher asks besides; null where it asks nothing. */
function conditionOf(loaded: LoadedModel): ConditionNode | null {
  const { tree, leaves, text } = matcherOf(loaded, definitions);
  if (
    tree.op === 'all' &&
    tree.children.every(({ op }) => op === 'leaf') &&
    leaves.every((leaf) => plain.test(leaf))
  )
    return null;
  return { op: 'leaf', expr: shownExpression(text), result: 'unknown' };
}
