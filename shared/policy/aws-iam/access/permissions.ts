import type { Entitlement } from '../../../domain/entitlement.ts';
import type { PolicyRef } from '../../../domain/trace.ts';
import { type CatalogueAction, expandAction } from '../catalogue/catalogue.ts';
import { Element, foldAction, relate, type Side, sideText } from './area.ts';
import { anyOf, type Found } from './found.ts';
import { type Held, risksOf } from './risks.ts';

/** Longer expansions are left out: the pattern says as much. */
const mostExpanded = 1000;

const strength: Readonly<Record<Entitlement['conditionality'], number>> = {
  always: 3,
  conditional: 2,
  unknown: 1,
  'never-effective': 0,
};

/** The permissions of one subject, in the order of their keys: held in several ways, a permission is still one. */
export function permissionsOf(subject: Entitlement['subject'], found: readonly Found[]): Entitlement[] {
  const ways = new Map<string, Found[]>();
  for (const one of found) {
    const key = `aws-iam ${subject.id} ${foldAction(sideText(one.area.action))} ${sideText(one.area.resource)}`;
    const group = ways.get(key);
    if (group === undefined) ways.set(key, [one]);
    else group.push(one);
  }
  const held: Held[] = [];
  for (const [key, group] of ways) {
    const first = group[0];
    if (first !== undefined) held.push(permissionOf(subject, key, first, group));
  }
  held.sort((one, other) => (one.entitlement.key < other.entitlement.key ? -1 : 1));
  const risks = risksOf(held, subject);
  return held.map((one) => ({ ...one.entitlement, risks: (risks.get(one) ?? []).toSorted() }));
}

/** It is as good as its best way. */
function permissionOf(
  subject: Entitlement['subject'],
  key: string,
  first: Found,
  group: readonly Found[],
): Held {
  const best = group.reduce(
    (good, one) => (strength[one.conditionality] > strength[good.conditionality] ? one : good),
    first,
  );
  const ways = group.filter(({ conditionality }) => conditionality === best.conditionality);
  const { action, resource } = best.area;
  const entitlement: Entitlement = {
    key,
    system: 'aws-iam',
    subject,
    action: { pattern: sideText(action), ...expansionOf(action) },
    resource: { pattern: sideText(resource) },
    condition: anyOf(ways.map(({ condition }) => condition)),
    conditionality: best.conditionality,
    grants: group.map(({ path, ref }) => ({ path, ref })),
    limitedBy: distinctRefs(ways.flatMap(({ limitedBy }) => limitedBy)),
    ...exceptionsOf(ways),
    risks: [],
  };
  const resourceAccount = best.resourceAccount ?? null;
  return { entitlement, action, resource, resourceAccount };
}

/** What every way leaves out: what one of them gives is held. */
function exceptionsOf([first, ...others]: readonly Found[]): Pick<Entitlement, 'except'> {
  const common = (first?.except ?? []).filter((text) => others.every(({ except }) => except.includes(text)));
  return common.length === 0 ? {} : { except: [...new Set(common)].toSorted() };
}

function distinctRefs(refs: readonly PolicyRef[]): PolicyRef[] {
  return [...new Map(refs.map((ref) => [`${ref.path} ${ref.locator} ${ref.index ?? ''}`, ref])).values()];
}

const order = ['list', 'read', 'tagging', 'write', 'permissions-management'] as const;

type Expansion = Pick<Entitlement['action'], 'expanded' | 'level'>;

const expansions = new Map<string, Expansion>();
/** Patterns repeat from principal to principal: each is written out once, and its list is shared. */
const keptExpansions = 4096;

/** Known actions that a pattern covers, and the highest access level among them. */
function expansionOf(action: Side): Expansion {
  const text = foldAction(sideText(action));
  let known = expansions.get(text);
  if (known === undefined) {
    if (expansions.size >= keptExpansions) expansions.clear();
    known = writtenOut(action);
    expansions.set(text, known);
  }
  return known;
}

function writtenOut(action: Side): Expansion {
  const all = expandAction(action.not ? '*' : action.pattern);
  const covered = action.not ? allBut(new Element(true, action.patterns, foldAction), all) : all;
  if (covered.length === 0) return {};
  const level = order[covered.reduce((most, one) => Math.max(most, order.indexOf(one.level)), 0)] ?? 'write';
  return covered.length > mostExpanded ? { level } : { level, expanded: covered.map(({ name }) => name) };
}

function allBut(element: Element, all: readonly CatalogueAction[]): CatalogueAction[] {
  return all.filter(({ name }) => relate(element, { not: false, pattern: name }) === 'covers');
}
