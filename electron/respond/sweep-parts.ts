import { ProviderError, type SweepFinding } from './provider.ts';

/** A sweep of which a part failed. What the other parts found stands. */
export class IncompleteSweep extends ProviderError {
  readonly findings: readonly SweepFinding[];
  constructor({ kind, retryAfterMs }: ProviderError, message: string, findings: readonly SweepFinding[]) {
    super(kind, message, retryAfterMs);
    this.name = 'IncompleteSweep';
    this.findings = findings;
  }
}

/**
 * The parts of a sweep, one after the other: one that fails, for want of a permission, does not cost what the others
 * find. Throws `IncompleteSweep` with that where one has failed; its kind is that of a failure that may pass, if any.
 */
export async function sweepParts(
  ...parts: readonly (() => Promise<readonly SweepFinding[]>)[]
): Promise<SweepFinding[]> {
  const findings: SweepFinding[] = [];
  const failures: ProviderError[] = [];
  for (const part of parts) {
    try {
      findings.push(...(await part()));
    } catch (thrown) {
      if (!(thrown instanceof ProviderError)) throw thrown;
      failures.push(thrown);
    }
  }
  const worst = failures.find(({ kind }) => kind !== 'forbidden') ?? failures[0];
  if (worst === undefined) return findings;
  throw new IncompleteSweep(worst, failures.map(({ message }) => message).join(' '), findings);
}
