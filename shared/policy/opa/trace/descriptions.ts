import type { PolicyRef } from '../../../domain/trace.ts';
import type { Branch, Definition, Instruction } from '../compile/code.ts';
import type { Module } from '../syntax/ast.ts';
import { LineTable } from '../syntax/position.ts';
import { dataPath } from '../value/print.ts';

const longestExpression = 300;

/** A text on one line, cut where it is long. */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longestExpression ? `${line.slice(0, longestExpression)}…` : line;
}

/** What a trace says of a branch whatever became of it. */
export interface Description {
  readonly ref: PolicyRef;
  /** `data.pkg.rule (file:row)` */
  readonly title: string;
  readonly head: string;
  /** The body in one line. */
  readonly body: string;
  readonly literals: readonly { readonly expression: string; readonly instructions: readonly Placed[] }[];
}

export interface Placed {
  readonly instruction: Instruction;
  /** Where it stands in the branch's block. */
  readonly index: number;
}

/** Descriptions of branches, each made once. */
export class Descriptions {
  readonly #tables = new WeakMap<Module, LineTable>();
  readonly #known = new WeakMap<Branch, Description>();

  of(definition: Definition, branch: Branch): Description {
    const known = this.#known.get(branch);
    if (known !== undefined) return known;
    const made = this.#make(definition, branch);
    this.#known.set(branch, made);
    return made;
  }

  #make(definition: Definition, branch: Branch): Description {
    const { module } = definition;
    const { path, text } = module;
    let table = this.#tables.get(module);
    if (table === undefined) {
      table = new LineTable(text);
      this.#tables.set(module, table);
    }
    const name = dataPath(definition.path);
    const position = definition.branches.indexOf(branch);
    const placed = branch.block.instructions.map((instruction, index): Placed => ({ instruction, index }));
    const literals = branch.literals.map(({ start, end }, literal) => ({
      expression: shortened(text.slice(start, end)),
      instructions: placed.filter(({ instruction }) => instruction.literal === literal),
    }));
    return {
      ref: {
        path,
        locator: table.range(branch.span.start, branch.span.end),
        policyId: name,
        ...(position > 0 ? { statementId: `else ${position}` } : {}),
      },
      title: `${name} (${path}:${table.position(branch.span.start).row})`,
      head: shortened(text.slice(definition.headSpan.start, definition.headSpan.end)),
      body: shortened(literals.map(({ expression }) => expression).join('; ')),
      literals,
    };
  }
}
