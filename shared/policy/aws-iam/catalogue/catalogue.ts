import type { AccessLevel } from '../../../domain/entitlement.ts';
import { Glob, wildcardPieces } from '../match/glob.ts';
import { actionsByService } from './actions.ts';

export interface CatalogueAction {
  /** As AWS writes it, with its service. */
  readonly name: string;
  readonly level: AccessLevel;
  /** It can be allowed for all resources only: no single one can be named. */
  readonly allResourcesOnly: boolean;
}

const levels: Readonly<Record<string, AccessLevel>> = {
  L: 'list',
  R: 'read',
  W: 'write',
  T: 'tagging',
  P: 'permissions-management',
};

let lines: Map<string, string> | null = null;
const services = new Map<string, ReadonlyMap<string, CatalogueAction>>();

function linesByService(): Map<string, string> {
  lines ??= new Map(
    actionsByService
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('|')), line.slice(line.indexOf('|') + 1)]),
  );
  return lines;
}

/** The actions of a service by name in lower case; null where the service is not known. */
export function actionsOf(service: string): ReadonlyMap<string, CatalogueAction> | null {
  const kept = services.get(service);
  if (kept !== undefined) return kept;
  const line = linesByService().get(service);
  if (line === undefined) return null;
  const actions = new Map<string, CatalogueAction>();
  for (const group of line.split('|')) {
    const level = levels[group.slice(0, 1)] ?? 'write';
    for (const text of group.slice(2).split(',')) {
      const allResourcesOnly = text.endsWith('*');
      const name = allResourcesOnly ? text.slice(0, -1) : text;
      actions.set(name.toLowerCase(), { name: `${service}:${name}`, level, allResourcesOnly });
    }
  }
  services.set(service, actions);
  return actions;
}

/** A known action by its name, whatever its case. */
export function findAction(service: string, operation: string): CatalogueAction | undefined {
  return actionsOf(service)?.get(operation);
}

export function knownServices(): Iterable<string> {
  return linesByService().keys();
}

const expansions = new Map<string, readonly CatalogueAction[]>();
const keptExpansions = 2048;

/** Known actions that a pattern covers, by service and name. */
export function expandAction(pattern: string): readonly CatalogueAction[] {
  const lower = pattern.toLowerCase();
  if (!/[*?]/.test(lower)) {
    const [service = '', operation = ''] = lower.split(':');
    const found = findAction(service, operation);
    return found === undefined ? [] : [found];
  }
  const kept = expansions.get(lower);
  if (kept !== undefined) return kept;
  const colon = lower.indexOf(':');
  const service = colon < 0 ? lower : lower.slice(0, colon);
  const serviceGlob = new Glob(wildcardPieces(service));
  const operation = new Glob(wildcardPieces(colon < 0 ? '*' : lower.slice(colon + 1)));
  const candidates = /[*?]/.test(service)
    ? [...knownServices()].filter((name) => serviceGlob.matches(name))
    : [service];
  const found: CatalogueAction[] = [];
  for (const name of candidates) {
    for (const [key, action] of actionsOf(name) ?? []) if (operation.matches(key)) found.push(action);
  }
  found.sort((first, second) => (first.name < second.name ? -1 : first.name > second.name ? 1 : 0));
  if (expansions.size >= keptExpansions) expansions.clear();
  expansions.set(lower, found);
  return found;
}
