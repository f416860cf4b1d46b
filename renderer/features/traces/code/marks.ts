import { type EditorState, type Extension, type Range, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import type { LineRange } from '../trace/policy-range.ts';

/** Something wrong in a text, at a line from 1 and, where it is known, a column from 1. */
export interface CodeProblem {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column?: number;
  readonly message: string;
  /** Said in place of the severity. */
  readonly label?: string;
}

export interface Marks {
  readonly lit: LineRange | null;
  readonly problems: readonly CodeProblem[];
}

const setMarks = StateEffect.define<Marks>();

class ProblemWidget extends WidgetType {
  readonly #problem: CodeProblem;

  constructor(problem: CodeProblem) {
    super();
    this.#problem = problem;
  }

  override eq(other: ProblemWidget): boolean {
    return (
      other.#problem.message === this.#problem.message && other.#problem.severity === this.#problem.severity
    );
  }

  override toDOM(): HTMLElement {
    const { severity, message, label = severity } = this.#problem;
    const element = document.createElement('div');
    element.className = `code-problem ${severity}`;
    element.textContent = `${label}: ${message}`;
    return element;
  }
}

function decorate({ doc }: EditorState, { lit, problems }: Marks): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  const last = Math.min(lit?.last ?? 0, doc.lines);
  for (let line = lit?.first ?? 1; line <= last; line++) {
    ranges.push(Decoration.line({ class: 'lit' }).range(doc.line(line).from));
  }
  for (const problem of problems) {
    const line = doc.line(Math.max(1, Math.min(problem.line, doc.lines)));
    const indent = line.text.length - line.text.trimStart().length;
    const from = Math.min(line.from + Math.max(0, (problem.column ?? indent + 1) - 1), line.to);
    if (from < line.to) {
      ranges.push(Decoration.mark({ class: `problem-place ${problem.severity}` }).range(from, line.to));
    }
    ranges.push(
      Decoration.widget({ widget: new ProblemWidget(problem), block: true, side: 1 }).range(line.to),
    );
  }
  return Decoration.set(ranges, true);
}

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, change) {
    const set = change.effects.findLast((effect) => effect.is(setMarks));
    return set === undefined ? before.map(change.changes) : decorate(change.state, set.value);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const markedText: Extension = marks;

/** Lights lines and shows problems. */
export function showMarks(view: EditorView, wanted: Marks): void {
  view.dispatch({ effects: setMarks.of(wanted) });
}

/** Brings lines into sight: only the text's own box is scrolled, not the page around it. */
export function bringIntoSight(view: EditorView, lines: LineRange | null): void {
  if (lines === null || lines.first > view.state.doc.lines) return;
  const { from } = view.state.doc.line(lines.first);
  view.requestMeasure({
    read: () => view.lineBlockAt(from).top - view.scrollDOM.clientHeight / 4,
    write: (top) => view.scrollDOM.scrollTo({ top }),
  });
}
