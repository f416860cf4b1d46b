import { hash } from 'node:crypto';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { CompiledBundle, EngineAnswer } from '#shared/domain/policy-system.ts';
import type { BundleRef, DecisionTrace, Engine, Evaluation } from '#shared/domain/trace.ts';
import { stableJson } from '#shared/util/stable-json.ts';

/** The trace of an answer that was worked out now. Its id is that of bundle and request: no clock, no chance. */
export function traceOf(
  bundle: CompiledBundle,
  ref: BundleRef,
  request: EvaluationRequest,
  answer: EngineAnswer,
): DecisionTrace & { readonly evaluation: Evaluation } {
  return {
    id: traceId(ref.digest, request),
    system: bundle.system,
    pdp: { system: bundle.system, engine: answer.engine ?? bundle.engine },
    request,
    evaluation: answer.evaluation,
    provenance: 'recomputed',
    bundle: ref,
  };
}

/** 128 bits of the SHA-256 of bundle and request. */
export function traceId(digest: string, request: unknown): string {
  return hash('sha256', `${digest}\n${stableJson(request)}`).slice(0, 32);
}

/** Stands in where the bundle could not be loaded, so no engine was asked. */
export const noEngine: Engine = { name: 'none', version: '', mode: 'own' };
