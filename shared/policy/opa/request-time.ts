import type { EvaluationRequest } from '../../domain/evaluation-request.ts';
import { parseInstant } from '../../util/instant.ts';

/**
 * When the decision is taken, as `time.now_ns` tells it: `action.properties.time` of the request, an RFC 3339 text
 * or whole nanoseconds. Null where the request does not say, and a policy that asks gets no answer.
 */
export function timeOf(request: EvaluationRequest): bigint | null {
  const time = request.action.properties?.['time'];
  if (typeof time === 'number' && Number.isInteger(time)) return BigInt(time);
  if (typeof time !== 'string') return null;
  if (/^-?\d{1,19}$/.test(time)) return BigInt(time);
  const instant = parseInstant(time);
  return instant === null ? null : BigInt(instant.micros) * 1000n + BigInt(instant.nanos);
}
