import { chooseBundle } from '#shared/analysis/requests/choose-bundle.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Engine } from './engine.ts';

/** Systems whose permissions can be listed. */
const listable = ['aws-iam', 'kubernetes-rbac'];
export function isListable(system: string): boolean {
  return listable.includes(system);
}
/** Later than any bundle. */
const endOfTime = '9999-12-31T23:59:59Z';

/** The bundles of the case that were in force at a time, or are the latest: one of each system. */
export async function bundlesInForce(
  engine: Engine,
  asOf: string | null,
  signal: AbortSignal,
): Promise<CaseBundle[]> {
  const bundles = await engine.read('bundles.list', {}, { signal });
  return listable.flatMap((system) => chooseBundle(bundles, system, asOf ?? endOfTime)?.bundle ?? []);
}

/** The bundle that was named, or those in force. Throws kind `not-found` where there is none. */
export async function chosenBundles(
  engine: Engine,
  named: string | null,
  asOf: string | null,
  signal: AbortSignal,
): Promise<string[]> {
  if (named !== null) return [named];
  const chosen = await bundlesInForce(engine, asOf, signal);
  if (chosen.length > 0) {
    return Promise.all(chosen.map(({ id, system }) => withChanges(engine, id, system, asOf, signal)));
  }
  throw new FailureError(
    'not-found',
    'The case has no bundle of AWS IAM or Kubernetes RBAC to tell what was granted. Add one: rescind bundle add.',
  );
}

/** The bundle, or the policies of the moment where logged calls have changed them since. */
async function withChanges(
  engine: Engine,
  id: string,
  system: string,
  asOf: string | null,
  signal: AbortSignal,
): Promise<string> {
  const found = asOf === null ? null : await engine.policyAt(system, asOf, null, signal);
  return found?.kept.rebuilt === undefined ? id : `${system}@${asOf ?? ''}`;
}
