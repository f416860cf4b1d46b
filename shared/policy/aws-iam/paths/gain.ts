import { boundsOf, grantsWithin } from '../access/entitlements.ts';
import type { Found } from '../access/found.ts';
import { seenStatements, type SeenStatement } from '../access/limits.ts';
import { foldAction, foldResource, relate } from '../access/area.ts';
import type { IamEntity } from '../bundle/entity.ts';
import type { LayerInput } from '../evaluate/layers.ts';
import { compilePolicy } from '../document/policy.ts';
import { Attachment } from '../evaluate/attachment.ts';
import type { PathCertainty } from '../../../domain/access-path.ts';
import { leastCertain, type AccessPathStep } from '../../../domain/access-path.ts';
import { elementOf, Holdings, type Prober } from './prober.ts';

export type Gives = 'everything' | 'more';

/** Who has these for everything can give itself and everybody else every right. */
const administration = [
  'iam:AttachUserPolicy',
  'iam:AttachRolePolicy',
  'iam:PutUserPolicy',
  'iam:PutRolePolicy',
  'iam:CreatePolicyVersion',
  'iam:UpdateAssumeRolePolicy',
  'iam:PassRole',
] as const;

const everyRight = new Attachment(
  compilePolicy(
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    'identity',
    { path: '', pointer: '', id: 'every right', name: 'every right' },
    [],
  ),
  'every right/',
);

export interface Administration {
  readonly certainty: PathCertainty;
  readonly steps: readonly AccessPathStep[];
}

/** What users and roles would come to hold that they do not hold. */
export class Gain {
  readonly #prober: Prober;
  readonly #administrators = new Map<IamEntity, Administration | null>();
  readonly #most = new Map<IamEntity, Gives | null>();
  readonly #over = new Map<IamEntity, Map<IamEntity, Gives | null>>();

  constructor(prober: Prober) {
    this.#prober = prober;
  }

  /** How it is that somebody has every right, or may give it to itself; null where that is not so. */
  administration(entity: IamEntity): Administration | null {
    let known = this.#administrators.get(entity);
    if (known === undefined) {
      known = this.#administration(entity);
      this.#administrators.set(entity, known);
    }
    return known;
  }

  #administration(entity: IamEntity): Administration | null {
    const steps: AccessPathStep[] = [];
    for (const action of administration) {
      const held = this.#prober.holdings(entity).holdsAll(action, '*');
      const step = held ? this.#prober.probe(entity, action, '*') : null;
      if (step === null) return null;
      steps.push(step);
    }
    const certainty = leastCertain(steps.map((step) => step.certainty));
    return { certainty, steps: steps.slice(0, 1) };
  }

  /** What somebody comes to by giving itself every right: its boundary and the organization still limit it. */
  most(entity: IamEntity): Gives | null {
    let known = this.#most.get(entity);
    if (known === undefined) {
      known = this.byLayer(entity, { attachments: [everyRight], gaps: [] });
      this.#most.set(entity, known);
    }
    return known;
  }

  /** What somebody comes to by other policies beside its own. */
  byLayer(entity: IamEntity, layer: LayerInput): Gives | null {
    const bounds = boundsOf(this.#prober.estate, entity);
    return this.#beyond(entity, grantsWithin(this.#seen(layer, entity), bounds));
  }

  /** What somebody comes to by being rid of its boundary. */
  withoutBoundary(entity: IamEntity): Gives | null {
    const { identity } = entity;
    const free = boundsOf(this.#prober.estate, { ...entity, boundary: null });
    return this.#beyond(entity, grantsWithin(this.#seen(identity, entity), free));
  }

  /** What somebody comes to by becoming another. */
  over(entity: IamEntity, other: IamEntity): Gives | null {
    if (this.administration(other) !== null) return 'everything';
    let known = this.#over.get(entity);
    if (known === undefined) this.#over.set(entity, (known = new Map()));
    let gives = known.get(other);
    if (gives === undefined) {
      gives = this.#beyond(entity, this.#prober.holdings(other).found);
      known.set(other, gives);
    }
    return gives;
  }

  #seen(layer: LayerInput, entity: IamEntity): SeenStatement[] {
    return seenStatements(layer, boundsOf(this.#prober.estate, entity).view.context);
  }

  #beyond(entity: IamEntity, grants: readonly Found[]): Gives | null {
    const holdings = this.#prober.holdings(entity);
    const more = new Holdings(grants).found.filter((found) => !holdings.covers(found));
    if (more.length === 0) return null;
    return more.some(givesEverything) ? 'everything' : 'more';
  }
}

function givesEverything({ area }: Found): boolean {
  const action = elementOf(area.action, foldAction);
  return (
    relate(elementOf(area.resource, foldResource), { not: false, pattern: '*' }) === 'covers' &&
    administration.every((name) => relate(action, { not: false, pattern: foldAction(name) }) === 'covers')
  );
}
