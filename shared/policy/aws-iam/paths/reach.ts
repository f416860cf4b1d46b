import { compareCertainty, type ReachableIdentity } from '../../../domain/access-path.ts';
import { chainOf, type EscalationGraph } from './graph.ts';

/** The users and roles that one can become, surest and nearest first. */
export function reachOf(graph: EscalationGraph, subject: string): ReachableIdentity[] {
  const entity = graph.entities.find(({ arn }) => arn === subject);
  if (entity === undefined) return [];
  return [...graph.reachFrom(entity)]
    .map(([other, { edges, certainty }]) => ({
      type: other.kind,
      id: other.arn,
      certainty,
      administrator: graph.gain.administration(other) !== null,
      chain: chainOf(entity, edges),
    }))
    .toSorted(
      (one, other) =>
        compareCertainty(one.certainty, other.certainty) ||
        one.chain.length - other.chain.length ||
        (one.id < other.id ? -1 : 1),
    );
}
