import { BooleanCutter, type ConditionTree } from '../../util/boolean-expression.ts';
import type { LeafResult } from '../../util/condition-result.ts';
import { type LoadedModel, messageOf } from './model.ts';

/** Which definitions of the model a request uses: `r`, `p`, `e`, `m`, or those with a number (`r2`, …). */
export interface Definitions {
  readonly r: string;
  readonly p: string;
  readonly e: string;
  readonly m: string;
}

/** A matcher, cut into the parts that are asked one by one. */
export interface Matcher {
  /** As Casbin keeps it: `r_sub` for `r.sub`. */
  readonly text: string;
  readonly tree: ConditionTree;
  readonly leaves: readonly string[];
}

export function matcherOf({ model }: LoadedModel, { m }: Definitions): Matcher {
  const text = model.model.get('m')?.get(m)?.value ?? '';
  const cutter = new BooleanCutter(text);
  return { text, tree: cutter.cut(), leaves: cutter.leaves };
}

/** As people write it: `r.sub` for `r_sub`. */
export function shownExpression(text: string): string {
  return text.replaceAll(/\b([rp]\d*)_(?=\w)/g, '$1.');
}

/**
 * Asks Casbin for each part of the matcher on its own, line by line. Casbin takes matcher and lines from its
 * model: they are exchanged there for the time of the question.
 */
export function leafResults(
  loaded: LoadedModel,
  matcher: Matcher,
  definitions: Definitions,
  lines: readonly (readonly string[])[],
  ask: () => unknown,
): (readonly LeafResult[])[] {
  const policy = loaded.model.model.get('p')?.get(definitions.p);
  const assertion = loaded.model.model.get('m')?.get(definitions.m);
  if (policy === undefined || assertion === undefined) return [];
  const effect = policy.tokens.indexOf(`${definitions.p}_eft`);
  // Without its effect a line that matches always counts as a match, whatever word stands there.
  const neutral = lines.map((line) =>
    line.map((value, index) => (index === effect && !matcher.text.includes('_eft') ? '' : value)),
  );
  const keptPolicy = policy.policy;
  try {
    const byLeaf = matcher.leaves.map((leaf) => {
      assertion.value = leaf;
      return resultsOf(loaded, neutral, leaf.includes(`${definitions.p}_`), (rest) => {
        policy.policy = rest;
        return thrownBy(ask);
      });
    });
    return lines.map((_line, index) =>
      byLeaf.map((results) => results[index] ?? { result: 'unknown', why: 'this part could not be asked' }),
    );
  } finally {
    assertion.value = matcher.text;
    policy.policy = keptPolicy;
  }
}

/** The results of one part: after a line that fails with an error, Casbin is asked again for the lines after it. */
function resultsOf(
  loaded: LoadedModel,
  lines: string[][],
  readsLines: boolean,
  ask: (rest: string[][]) => string | null,
): LeafResult[] {
  const results: LeafResult[] = [];
  while (results.length < lines.length) {
    const error = ask(lines.slice(results.length));
    const found = loaded.effector.recording.effects.map(
      (effect): LeafResult => ({ result: effect === 'none' ? 'false' : 'true' }),
    );
    // A part that reads no policy line is asked once, for all of them.
    const [alone] = readsLines ? [] : found;
    if (alone !== undefined) return lines.map(() => alone);
    results.push(...found);
    if (error !== null) results.push({ result: 'error', why: error });
    else if (found.length === 0) break;
  }
  return results;
}

/** The message of what was thrown; null where nothing was. */
export function thrownBy(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
