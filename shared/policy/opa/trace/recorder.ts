import type { Branch, Definition } from '../compile/code.ts';
import type { Frame, Tracer } from '../evaluate/context.ts';

/** What became of one branch of a definition over all its evaluations. */
export interface BranchRecord {
  readonly definition: Definition;
  readonly branch: Branch;
  evaluations: number;
  held: number;
  /** The first evaluation that held, or the one that came furthest. */
  frame: Frame;
  progress: number;
  error: string | null;
}

/** Remembers, per branch of each definition, the evaluation that tells most. */
export class Recorder implements Tracer {
  readonly records = new Map<Branch, BranchRecord>();

  evaluated(definition: Definition, branch: Branch, frame: Frame, solutions: number): void {
    const progress =
      solutions > 0 ? Number.MAX_SAFE_INTEGER : frame.passed.findLastIndex((count) => count > 0);
    const known = this.records.get(branch);
    if (known === undefined) {
      this.records.set(branch, {
        definition,
        branch,
        evaluations: 1,
        held: solutions > 0 ? 1 : 0,
        frame,
        progress,
        error: null,
      });
      return;
    }
    known.evaluations++;
    if (solutions > 0) known.held++;
    if (progress > known.progress) {
      known.frame = frame;
      known.progress = progress;
    }
  }

  ignored(definition: Definition, message: string): void {
    for (const branch of definition.branches) {
      const record = this.records.get(branch);
      if (record !== undefined) record.error = message;
    }
  }
}
