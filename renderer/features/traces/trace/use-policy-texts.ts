import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import { useRequest } from '../../../state/use-request.ts';
import { useSharedRequest } from '../../../state/use-shared-request.ts';
import { textsId } from './rebuilt-words.ts';

/**
 * The texts of a trace's policies; null until they are there. Those of a bundle are kept from one trace to the next,
 * those of a moment are the trace's own.
 */
export function usePolicyTexts(trace: DecisionTrace): readonly PolicyText[] | null {
  const id = textsId(trace);
  const isMoment = trace.bundle?.rebuilt !== undefined;
  const ofBundle = useSharedRequest('bundles.text', id === null || isMoment ? null : { id });
  const ofMoment = useRequest('bundles.text', id === null || !isMoment ? null : { id });
  return isMoment ? ofMoment.value : ofBundle.value;
}
