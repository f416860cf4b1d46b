import type { Layer, Step } from '../../../domain/trace.ts';
import type { AwsRequest } from '../request/request.ts';
import { either, type Tri } from '../tri.ts';
import type { Attachment, Hit } from './attachment.ts';

export type LayerName = 'rcp' | 'scp' | 'vpce' | 'resource' | 'identity' | 'boundary' | 'session';

/** The policies of one layer, and what of them is not known. */
export interface LayerInput {
  readonly attachments: readonly Attachment[];
  readonly gaps: readonly string[];
}

/** The policies of one organizational level. */
export interface LevelInput extends LayerInput {
  readonly label: string;
  /** The level has its default policy, which allows everything, beside those listed. */
  readonly open: boolean;
}

/** Levels of an organization from the root to the account, or why none counts. */
export type LevelsInput =
  | { readonly state: 'none' }
  | { readonly state: 'exempt'; readonly why: string }
  | { readonly state: 'levels'; readonly levels: readonly LevelInput[] };

/** Everything that has a say in one request. */
export interface Applicable {
  readonly rcp: LevelsInput;
  readonly scp: LevelsInput;
  readonly endpoint: LayerInput | null;
  /** Null where the resource has no policy. */
  readonly resource: LayerInput | null;
  /** Null where the caller has no identity policies by its nature (services, anonymous callers). */
  readonly identity: LayerInput | null;
  readonly boundary: LayerInput | null;
  readonly session: LayerInput | null;
  readonly crossAccount: boolean;
  readonly assumptions: readonly string[];
}

/** A layer after its policies were asked. */
export interface EvaluatedLayer {
  readonly name: LayerName;
  readonly label: string | undefined;
  readonly role: Layer['role'];
  readonly deny: Tri;
  readonly allow: Tri;
  readonly hits: readonly Hit[];
  readonly gaps: readonly string[];
  readonly steps: readonly Step[];
  readonly why?: string;
}

const roles: Readonly<Record<LayerName, Layer['role']>> = {
  rcp: 'limit',
  scp: 'limit',
  vpce: 'limit',
  resource: 'grant',
  identity: 'grant',
  boundary: 'limit',
  session: 'limit',
};

/** Asks the policies of a layer. `bound`: false where its denies do not bind this caller. */
export function evaluateLayer(
  name: LayerName,
  input: LayerInput,
  request: AwsRequest,
  options: { readonly label?: string; readonly open?: boolean; readonly bound?: boolean } = {},
): EvaluatedLayer {
  const steps: Step[] = [];
  const hits: Hit[] = [];
  // Policies of resources speak of the resource itself.
  const resource = name === 'resource' || name === 'rcp' ? request.resource : request.askedResource;
  for (const attachment of input.attachments) attachment.evaluate(request, resource, steps, hits);
  const gap: Tri = input.gaps.length > 0 ? 'unknown' : false;
  let deny: Tri = gap;
  let allow: Tri = options.open === true ? true : gap;
  for (const { statement, matched } of hits) {
    if (statement.effect === 'allow') allow = either(allow, matched);
    else if (options.bound !== false) deny = either(deny, matched);
  }
  return { name, label: options.label, role: roles[name], deny, allow, hits, gaps: input.gaps, steps };
}

/** A layer that is decided without policies. */
export function fixedLayer(name: LayerName, allow: boolean, why: string): EvaluatedLayer {
  return {
    name,
    label: undefined,
    role: roles[name],
    deny: false,
    allow,
    hits: [],
    gaps: [],
    steps: [],
    why,
  };
}

export function shownLayer(evaluated: EvaluatedLayer): Layer {
  const { name, label, role, steps } = evaluated;
  const outcome = outcomeOf(evaluated);
  const why = evaluated.why ?? (evaluated.gaps.length > 0 ? evaluated.gaps.join(' ') : undefined);
  const shown: Layer =
    label === undefined ? { name, role, outcome, steps } : { name, label, role, outcome, steps };
  return why === undefined ? shown : { ...shown, why };
}

function outcomeOf({ deny, allow }: EvaluatedLayer): Layer['outcome'] {
  if (deny === true) return 'deny';
  if (deny === 'unknown' || allow === 'unknown') return 'unknown';
  return allow ? 'allow' : 'no-match';
}

/** A layer that does not count for this request. */
export function exemptLayer(name: LayerName, why: string): Layer {
  return { name, role: roles[name], outcome: 'not-evaluated', why, steps: [] };
}
