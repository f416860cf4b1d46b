import { type AccessPathStep, compareCertainty, leastCertain } from '../../../domain/access-path.ts';
import type { EvaluationRequest, RequestKnowledge } from '../../../domain/evaluation-request.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { Evaluation, GrantPath } from '../../../domain/trace.ts';
import { Element, foldAction, foldResource, headOf, relate, type Side } from '../access/area.ts';
import { boundsOf, grantsWithin } from '../access/entitlements.ts';
import type { Found } from '../access/found.ts';
import type { IamEntity } from '../bundle/entity.ts';
import type { Estate } from '../bundle/estate.ts';
import { parseArn } from '../match/arn.ts';
import { instantiate } from './instantiate.ts';
import type { Need } from './techniques.ts';

export type AskEstate = (request: EvaluationRequest, knowledge: RequestKnowledge) => Evaluation;

/**
 * A permission is used by its holder's own call: nobody calls on its behalf (IAM User Guide, `aws:CalledVia`,
 * `aws:ViaAWSService`). What else a request carries is not known.
 */
const ownCall: JsonObject = { 'aws:ViaAWSService': 'false' };
const absent = ['aws:CalledVia', 'aws:CalledViaFirst', 'aws:CalledViaLast'];
const knowledge: RequestKnowledge = { complete: false, absent };

/** Names made of two patterns that are tried. */
const mostJoined = 64;

/** As sure as the least sure of some steps. */
export function sureness(steps: readonly AccessPathStep[]): AccessPathStep['certainty'] {
  return leastCertain(steps.map(({ certainty }) => certainty));
}

/** Asks the evaluator what users and roles of a bundle can do. */
export class Prober {
  readonly estate: Estate;
  readonly #ask: AskEstate;
  readonly #time: JsonObject;
  readonly #holdings = new Map<IamEntity, Holdings>();

  constructor(estate: Estate, ask: AskEstate, at: string | null) {
    this.estate = estate;
    this.#ask = ask;
    // Sessions are issued no earlier than this, either.
    this.#time = at === null ? ownCall : { ...ownCall, 'aws:CurrentTime': at, 'aws:TokenIssueTime': at };
  }

  /** What the policies of a user or role give, never-effective grants aside. */
  holdings(entity: IamEntity): Holdings {
    let known = this.#holdings.get(entity);
    if (known === undefined) {
      const bounds = boundsOf(this.estate, entity);
      this.#holdings.set(entity, (known = new Holdings(grantsWithin(bounds.own, bounds))));
    }
    return known;
  }

  /** The permission as one step of a path; null where it is denied, or nothing in the bundle gives it. */
  probe(
    entity: IamEntity,
    action: string,
    resource: string,
    context: JsonObject = {},
  ): AccessPathStep | null {
    const step = this.#probe(entity, action, resource, { ...this.#time, ...context }, knowledge);
    if (step?.certainty === 'certain' || entity.kind !== 'user') return step;
    // With a key of its own a user makes requests that no session stands behind.
    const plain = { ...ownCall, ...context, ...timeAlone(this.#time) };
    const keys = { complete: false, absent: [...absent, 'aws:TokenIssueTime', 'aws:MultiFactorAuthPresent'] };
    const byKey = this.#probe(entity, action, resource, plain, keys);
    if (byKey === null || step === null) return byKey ?? step;
    return compareCertainty(byKey.certainty, step.certainty) < 0 ? byKey : step;
  }

  /** The same for something that the holder may choose or make: some resource for which it is allowed. */
  choose(entity: IamEntity, { action, resource }: Need): AccessPathStep | null {
    const { account = '', partition = 'aws' } = parseArn(entity.arn) ?? {};
    const template = resource.replace('{account}', account).replace(/^arn:aws:/, `arn:${partition}:`);
    let best: AccessPathStep | null = null;
    for (const found of this.holdings(entity).holding(action)) {
      const witness = instantiate(found.area.resource, template, entity);
      const step = witness === null ? null : this.probe(entity, action, witness);
      if (step === null) continue;
      if (best === null || compareCertainty(step.certainty, best.certainty) < 0) best = step;
      if (best.certainty === 'certain') break;
    }
    return best;
  }

  /**
   * Several permissions over one and the same thing: a function that is made and then run. Null where no resource is
   * found for which all of them are held. In the order of `needs`, which have the same resource.
   */
  chooseTogether(entity: IamEntity, needs: readonly Need[]): readonly AccessPathStep[] | null {
    const { account = '', partition = 'aws' } = parseArn(entity.arn) ?? {};
    const [first] = needs;
    if (first === undefined) return [];
    const template = first.resource.replace('{account}', account).replace(/^arn:aws:/, `arn:${partition}:`);
    const sides = needs.flatMap(({ action }) =>
      this.holdings(entity)
        .holding(action)
        .map(({ area }) => area.resource),
    );
    const plain = sides.flatMap((side) => instantiate(side, template, entity) ?? []);
    // A name that one pattern ends and another begins.
    const endings = new Set(plain.map((witness) => /[^:/]*$/.exec(witness)?.[0] ?? ''));
    const joined = [...endings].flatMap((ending) =>
      sides.flatMap((side) => instantiate(side, template, entity, ending) ?? []),
    );
    let best: readonly AccessPathStep[] | null = null;
    for (const witness of new Set([...plain, ...joined.slice(0, mostJoined)])) {
      const steps = needs.map(({ action }) => this.probe(entity, action, witness));
      const held = steps.filter((step) => step !== null);
      if (held.length < needs.length) continue;
      if (best === null || compareCertainty(sureness(held), sureness(best)) < 0) best = held;
      if (sureness(best) === 'certain') break;
    }
    return best;
  }

  /** Whether somebody else may do something, e.g. a service assume a role. */
  other(
    subject: { type: string; id: string },
    action: string,
    resource: string,
    context: JsonObject,
  ): Evaluation {
    const asked = {
      subject,
      action: { name: action },
      resource: { type: 'resource', id: resource },
      context: { ...this.#time, ...context },
    };
    return this.#ask(asked, knowledge);
  }

  #probe(
    { kind, arn }: IamEntity,
    action: string,
    resource: string,
    context: JsonObject,
    known: RequestKnowledge,
  ): AccessPathStep | null {
    const evaluation = this.#ask(
      {
        subject: { type: kind, id: arn },
        action: { name: action },
        resource: { type: 'resource', id: resource },
        context,
      },
      known,
    );
    return stepOf(evaluation, arn, action, resource);
  }
}

function timeAlone(time: JsonObject): JsonObject {
  const now = time['aws:CurrentTime'];
  return now === undefined ? {} : { 'aws:CurrentTime': now };
}

export function stepOf(
  evaluation: Evaluation,
  subject: string,
  action: string,
  resource: string,
): AccessPathStep | null {
  if (evaluation.decision === 'deny') return null;
  const granting = evaluation.layers
    .filter(({ role }) => role === 'grant')
    .flatMap(({ steps }) => steps)
    .filter(({ effect, matched }) => effect === 'allow' && matched !== false)
    .toSorted((one, other) => Number(other.via !== undefined) - Number(one.via !== undefined));
  const [first] = granting;
  // Nothing allows it: only what is missing could.
  if (first === undefined) return null;
  const path: GrantPath = first.via ?? [{ from: subject, to: resource, kind: 'attached', ref: first.ref }];
  const certainty =
    evaluation.decision === 'allow' ? 'certain' : evaluation.unknowns.length > 0 ? 'conditional' : 'unknown';
  return {
    action,
    resource,
    certainty,
    path,
    policies: granting.map(({ ref }) => ref),
    ...(evaluation.wouldAllowIf === undefined ? null : { condition: evaluation.wouldAllowIf }),
  };
}

/** Grants by the service of their action. */
export class Holdings {
  readonly found: readonly Found[];
  readonly #byHead = new Map<string, { found: Found; element: Element }[]>();

  constructor(found: readonly Found[]) {
    this.found = found.filter(({ conditionality }) => conditionality !== 'never-effective');
    for (const one of this.found) {
      const { action } = one.area;
      const element = elementOf(action, foldAction);
      const head = action.not ? '' : headOf(element.folded[0] ?? '');
      const group = this.#byHead.get(head);
      if (group === undefined) this.#byHead.set(head, [{ found: one, element }]);
      else group.push({ found: one, element });
    }
  }

  /** Grants of an action. */
  holding(action: string): Found[] {
    const folded = foldAction(action);
    const side: Side = { not: false, pattern: folded };
    return [...(this.#byHead.get(headOf(folded)) ?? []), ...(this.#byHead.get('') ?? [])]
      .filter(({ element }) => relate(element, side) === 'covers')
      .map(({ found }) => found);
  }

  /** Whether one grant holds all of an area, under no condition but that of the area itself. */
  covers({ area, condition }: Found): boolean {
    const near = area.action.not
      ? [...this.#byHead.values()].flat()
      : [
          ...(this.#byHead.get(headOf(foldAction(area.action.pattern))) ?? []),
          ...(this.#byHead.get('') ?? []),
        ];
    return near.some(
      ({ found, element }) =>
        (found.condition === null || found.condition.expr === condition?.expr) &&
        relate(element, area.action) === 'covers' &&
        relate(elementOf(found.area.resource, foldResource), area.resource) === 'covers',
    );
  }

  /** Whether an action is held for everything that a pattern names. */
  holdsAll(action: string, resource: string): boolean {
    const side: Side = { not: false, pattern: resource };
    return this.holding(action).some(
      ({ area }) => relate(elementOf(area.resource, foldResource), side) === 'covers',
    );
  }
}

const elements = new WeakMap<Side, Element>();

export function elementOf(side: Side, fold: (text: string) => string): Element {
  let made = elements.get(side);
  if (made === undefined) {
    made = new Element(side.not, side.not ? side.patterns : [side.pattern], fold);
    elements.set(side, made);
  }
  return made;
}
