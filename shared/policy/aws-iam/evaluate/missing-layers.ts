import type { Decision } from '../../../domain/trace.ts';
import type { Considered } from './grants.ts';
import { isKeyOperation } from './rules.ts';

/**
 * Layers of AWS beside policies that no bundle carries and on which the decision may depend: KMS grants, S3 access
 * control lists and Block Public Access. Said as assumptions; the evaluation is then `partial`.
 */
export function missingLayers(
  { request, layers, combination }: Considered,
  decision: Decision,
  explicit: boolean,
  blockedBy: readonly string[],
): string[] {
  if (decision === 'deny' && !explicit && isKeyOperation(request)) {
    return ['KMS grants are not part of the bundle; a grant could allow this.'];
  }
  if (request.service !== 's3') return [];
  if (decision === 'deny' && !explicit && blockedBy.includes('resource')) {
    return ['S3 access control lists are not part of the bundle; one could allow this.'];
  }
  if (decision !== 'allow' || combination === 'same-account') return [];
  const open = layers.some(
    (layer) =>
      layer.name === 'resource' &&
      layer.hits.some(
        ({ statement, matched, reach }) =>
          matched === true && statement.effect === 'allow' && reach === 'direct',
      ),
  );
  return open ? ['S3 Block Public Access is not part of the bundle; it could refuse this.'] : [];
}
