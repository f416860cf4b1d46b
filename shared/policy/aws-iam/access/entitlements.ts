import type { Entitlement } from '../../../domain/entitlement.ts';
import type { IamEntity } from '../bundle/entity.ts';
import type { Estate } from '../bundle/estate.ts';
import { readSubject } from '../request/subject.ts';
import { type Area, sidesOf } from './area.ts';
import { allOf, type Found } from './found.ts';
import { lessDenies } from './less-denies.ts';
import { limit, type Remainder, type SeenStatement, seenStatements } from './limits.ts';
import { permissionsOf } from './permissions.ts';
import type { NamedPrincipal } from './resource-grants.ts';
import { type SubjectView, subjectView } from './subject-view.ts';

/**
 * Effective permissions of every user and role of a bundle, within boundary and organization, and what resource
 * policies give to others (`given`); or those of one subject.
 */
export function* entitlementsOf(
  estate: Estate,
  given: readonly NamedPrincipal[],
  subject?: string,
): Generator<Entitlement> {
  const named = new Map(given.map((principal) => [principal.id, principal]));
  const wanted = subject === undefined ? null : (entityArn(estate, subject) ?? subject);
  for (const { id, type, entity } of estate.entities()) {
    const byResources = named.get(id)?.found ?? [];
    named.delete(id);
    if (wanted !== null && wanted !== id) continue;
    const found = [...identityGrants(estate, entity), ...byResources];
    yield* permissionsOf({ type, id, account: estate.accountOf(entity) }, found);
  }
  for (const principal of named.values()) {
    if (wanted === null || wanted === principal.id) yield* outsidersPermissions(principal);
  }
}

/** The user or role of a subject that is named otherwise, e.g. by one of its sessions. */
function entityArn(estate: Estate, subject: string): string | undefined {
  const read = readSubject({ type: '', id: subject });
  return read === null ? undefined : estate.entityOf(read)?.arn;
}

function outsidersPermissions({ type, id, account, found }: NamedPrincipal): Entitlement[] {
  return permissionsOf({ type, id, ...(account === null ? null : { account }) }, found);
}

/** What limits and Deny statements say of one user or role. */
export interface Bounds {
  readonly view: SubjectView;
  readonly own: readonly SeenStatement[];
  /** The Allow statements of the boundary and of each organizational level. */
  readonly allows: readonly (readonly SeenStatement[])[];
  readonly denies: readonly SeenStatement[];
  /** Policies are missing that could take something away. */
  readonly uncertain: boolean;
}

export function boundsOf(estate: Estate, entity: IamEntity): Bounds {
  const view = subjectView(estate, entity);
  const own = seenStatements(entity.identity, view.context);
  const limits = [entity.boundary, ...view.levels]
    .filter((layer) => layer !== null)
    .map((layer) => ({ layer, statements: seenStatements(layer, view.context) }));
  const denies = [...own, ...limits.flatMap(({ statements }) => statements)].filter(isDeny);
  const known = limits.filter(({ layer }) => layer.gaps.length === 0);
  const uncertain = entity.identity.gaps.length > 0 || known.length < limits.length;
  const allows = known.map(({ statements }) => statements.filter((seen) => !isDeny(seen)));
  return { view, own, allows, denies, uncertain };
}

/** What the policies of a user or role give it, within its bounds. */
export function identityGrants(estate: Estate, entity: IamEntity): Found[] {
  const bounds = boundsOf(estate, entity);
  return grantsWithin(bounds.own, bounds);
}

/** What the Allow among some statements give within bounds. */
export function grantsWithin(statements: readonly SeenStatement[], bounds: Bounds): Found[] {
  const { allows, denies, uncertain } = bounds;
  return statements
    .filter((seen) => !isDeny(seen))
    .flatMap((seen) =>
      sidesOf(seen.action).flatMap((action) =>
        sidesOf(seen.resource).flatMap((resource) =>
          effectiveParts({ action, resource }, seen, allows, denies, uncertain),
        ),
      ),
    );
}

function isDeny({ statement }: SeenStatement): boolean {
  return statement.effect === 'deny';
}

function effectiveParts(
  area: Area,
  seen: SeenStatement,
  limits: readonly (readonly SeenStatement[])[],
  denies: readonly SeenStatement[],
  uncertain: boolean,
): Found[] {
  const grant = { path: seen.attachment.via ?? [], ref: seen.ref };
  let parts: Remainder[] = [{ area, condition: seen.condition, limitedBy: [] }];
  for (const allows of limits) {
    const next = parts.flatMap((part) =>
      limit(part.area, allows).map((left) => ({
        area: left.area,
        condition: allOf([part.condition, left.condition]),
        limitedBy: [...part.limitedBy, ...left.limitedBy],
      })),
    );
    if (next.length === 0) {
      const limitedBy = allows.map(({ ref }) => ref);
      return [
        {
          area,
          condition: seen.condition,
          conditionality: 'never-effective',
          limitedBy,
          except: [],
          ...grant,
        },
      ];
    }
    parts = next;
  }
  return parts.map((part) => ({ ...lessDenies(part, denies, uncertain), ...grant }));
}
