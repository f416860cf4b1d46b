import type { Evaluation } from '../domain/trace.ts';

/**
 * The answer where no decision could be reached, and why: never allow, never deny. `more`: what is known all the same,
 * and how the system combines its rules.
 */
export function noDecision(message: string, more: Partial<Evaluation> = {}): Evaluation {
  return {
    decision: 'indeterminate',
    kind: 'implicit',
    combining: 'custom',
    determining: [],
    determiningSteps: [],
    overridden: [],
    blockedBy: [],
    layers: [],
    errors: [{ message }],
    assumptions: [],
    unknowns: [],
    completeness: 'partial',
    verdict: `No decision: ${message}`,
    ...more,
  };
}
