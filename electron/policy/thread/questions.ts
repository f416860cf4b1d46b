import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import type { PolicyBundle } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Desk } from './desk.ts';
import { parseRequest } from '../request.ts';
import { traceOf } from '../trace.ts';
import { type AskJob, type WhoJob, phases } from './protocol.ts';
import type { LoadedBundle } from './shelf.ts';

export function describeJob({ compiled, title, ref, problems }: LoadedBundle): PolicyBundle {
  const { system, revision, policies, subjects } = compiled;
  const contextKeys = [...compiled.contextKeys].toSorted();
  return { system, title, revision, digest: ref.digest, policies, subjects, problems, contextKeys };
}

export function textsJob({ compiled }: LoadedBundle): readonly PolicyText[] {
  return compiled.texts;
}

/** The trace of one request. Throws kind `invalid-input` where it is none. */
export async function askJob(
  { request, knowledge }: AskJob,
  { compiled, ref }: LoadedBundle,
): Promise<DecisionTrace> {
  const parsed = parseRequest(request);
  if (!parsed.ok) throw new FailureError('invalid-input', parsed.error);
  return traceOf(compiled, ref, parsed.request, await compiled.evaluate(parsed.request, knowledge));
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
