import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { valueOf } from '#electron/router/value-of.ts';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import { visible } from '../text.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

export const findings: Command = {
  name: 'findings',
  usage: '--case DIR [--rules PATH…] [--rule ID]',
  summary: 'what detection rules find, with the events that show it (JSON Lines)',
  notes:
    'Rules are Sigma rules: files or folders of .yml. Without --rules the rules that come with the program are used.\n' +
    'A rule that is not understood in full is named and not used; the command then ends with 5.',
  options: {
    ...caseOption,
    rules: { type: 'string', value: 'PATH', help: 'rules of your own; more paths may follow' },
    rule: { type: 'string', value: 'ID', help: 'only this rule' },
  },
  positionals: { min: 0, max: Number.POSITIVE_INFINITY },
  async run(invocation) {
    const { terminal, signal, positionals } = invocation;
    const named = textOf(invocation, 'rules');
    if (named === undefined && positionals.length > 0) {
      throw new FailureError(
        'invalid-input',
        `“${positionals[0] ?? ''}” is not expected; rules follow --rules.`,
      );
    }
    const rules = named === undefined ? [] : [named, ...positionals].flatMap(ruleFiles);
    if (named !== undefined && rules.length === 0) {
      throw new FailureError('invalid-input', 'There is no rule (.yml or .yaml) at the given paths.');
    }
    const { client } = await openCase(invocation);
    const answer = valueOf(
      await client.request('findings.run', { rules, rule: textOf(invocation, 'rule') ?? null }, { signal }),
    );
    for (const finding of answer.findings) {
      const written = terminal.write(`${JSON.stringify(finding)}\n`);
      if (written !== undefined) await written;
    }
    const only = textOf(invocation, 'rule');
    if (only !== undefined && answer.findings.length === 0) {
      terminal.note(
        `Nothing was found by a rule of the id ${visible(only)}; the ids are in the findings of all.`,
      );
    }
    for (const { path, position, message } of answer.problems) {
      terminal.note(`${visible(path)}:${position}: ${visible(message)}`);
    }
    if (answer.unreadable > 0) {
      terminal.note(`${answer.unreadable} records could not be read back. Run rescind verify.`);
    }
    for (const { what, why } of answer.unanswered)
      terminal.note(`${visible(what)}: not known. ${visible(why)}`);
    const isWhole = answer.problems.length + answer.unreadable + answer.unanswered.length === 0;
    return isWhole ? exitCodes.done : exitCodes.partly;
  },
};

/** The rule files at a path, in the order of their names. Throws kind `invalid-input` where there is nothing. */
function ruleFiles(path: string): { path: string; text: string }[] {
  try {
    if (!statSync(path).isDirectory()) return [{ path, text: readFileSync(path, 'utf8') }];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((file) => ({ path: file, text: readFileSync(file, 'utf8') }));
  } catch (thrown) {
    throw new FailureError(
      'invalid-input',
      `The rules at ${path} cannot be read (${thrown instanceof Error ? thrown.message : String(thrown)}).`,
    );
  }
}
