import type { BundleProblem, PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import type { PolicyBundle } from '#shared/ipc/views.ts';
import { withDigitTexts } from '#shared/util/exact-json.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Desk } from './desk.ts';
import { parseRequest } from '../request.ts';
import { traceOf } from '../trace.ts';
import { type AskJob, type DescribeJob, type TextsJob, type WhoJob, phases } from './protocol.ts';
import type { LoadedBundle, Shelf } from './shelf.ts';

export function describeJob(
  { verificationKey = null }: DescribeJob,
  { compiled, title, ref, problems: found }: LoadedBundle,
): PolicyBundle {
  const { system, revision, policies, subjects } = compiled;
  const contextKeys = [...compiled.contextKeys].toSorted();
  const { signature, problems } = checked(compiled, found, verificationKey);
  return {
    system,
    title,
    revision,
    digest: ref.digest,
    policies,
    subjects,
    problems,
    contextKeys,
    signature,
  };
}

/** What was said of the signature without a key is replaced by what the key tells. */
function checked(
  compiled: LoadedBundle['compiled'],
  problems: readonly BundleProblem[],
  key: string | null,
): Pick<PolicyBundle, 'signature' | 'problems'> {
  if (compiled.signature === undefined) return { signature: null, problems };
  const { state, problems: told } = compiled.signature(key);
  const before = new Set(compiled.signature(null).problems.map((problem) => JSON.stringify(problem)));
  const others = problems.filter((problem) => !before.has(JSON.stringify(problem)));
  return { signature: state, problems: [...others, ...told] };
}

/** The policies as texts; `whole` with all else that a bundle holds. */
export async function textsJob(
  { bundle, whole = false }: TextsJob,
  { compiled }: LoadedBundle,
  shelf: Shelf,
): Promise<readonly PolicyText[]> {
  if (!whole) return compiled.texts;
  const { source, system } = await shelf.sourceOf(bundle);
  const paths = new Set(compiled.texts.map(({ path }) => path));
  const files = source.kind === 'files' ? source.files : [];
  const others = files.flatMap(({ path, text }): PolicyText[] =>
    text === null || paths.has(path)
      ? []
      : [{ policyId: path, title: path, path, language: languageOf(path), text }],
  );
  return [...compiled.texts, ...((await system.assignments?.(source)) ?? []), ...others];
}

function languageOf(path: string): PolicyText['language'] {
  if (/\.json$/i.test(path)) return 'json';
  return /\.ya?ml$/i.test(path) ? 'yaml' : 'text';
}

/** The trace of one request. Throws kind `invalid-input` where it is none. */
export async function askJob(
  { request, knowledge }: AskJob,
  { compiled, ref }: LoadedBundle,
): Promise<DecisionTrace> {
  const parsed = parseRequest(request);
  if (!parsed.ok) throw new FailureError('invalid-input', parsed.error);
  // Between processes large numbers travel as their digits.
  return withDigitTexts(
    traceOf(compiled, ref, parsed.request, await compiled.evaluate(parsed.request, knowledge)),
  );
}

/** Every subject that can do it, a line each. Throws kind `unsupported` where the system cannot enumerate. */
export function whoJob(
  { action, resource, context }: WhoJob,
  { compiled, title }: LoadedBundle,
  desk: Desk,
): void {
  if (compiled.who === undefined) {
    const message = `Who can do something cannot be listed for ${title}: its subjects are not in the bundle.`;
    throw new FailureError('unsupported', message);
  }
  let unit = 0;
  for (const answer of compiled.who({ action, resource, context })) {
    desk.put(JSON.stringify(answer), answer.decision, false);
    desk.at(phases.evaluating, ++unit);
  }
}
