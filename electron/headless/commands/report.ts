import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import { reportContent, type ReportContent } from '../report/content.ts';
import { reportParts } from '../report/layout.ts';
import { asPdf } from '../report/pdf.ts';
import { asHtml, asMarkdown } from '../report/write.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

const forms: Readonly<Record<string, (content: ReportContent) => string | Uint8Array>> = {
  '.json': (content) => `${JSON.stringify(content, null, 2)}\n`,
  '.html': (content) => asHtml(titleOf(content), reportParts(content)),
  '.pdf': (content) => asPdf(titleOf(content), reportParts(content)),
  '.md': (content) => asMarkdown(titleOf(content), reportParts(content)),
};

export const report: Command = {
  name: 'report',
  usage: '--case DIR --out FILE.(html|md|pdf|json)',
  summary: 'findings, identities, bundles and evidence of a case as one document',
  notes: 'The same case gives the same report.',
  options: {
    ...caseOption,
    out: {
      type: 'string',
      value: 'FILE',
      help: 'where to write; the ending says in which form',
      required: true,
    },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const out = textOf(invocation, 'out') ?? '';
    const form = forms[extname(out).toLowerCase()];
    if (form === undefined) {
      throw new FailureError('invalid-input', '--out ends in .html, .md, .pdf or .json.');
    }
    const { client } = await openCase(invocation);
    const text = form(await reportContent(client, invocation.signal));
    try {
      writeFileSync(out, text, { mode: 0o600 });
    } catch (thrown) {
      throw new FailureError(
        'unusable',
        `${out} cannot be written (${thrown instanceof Error ? thrown.message : String(thrown)}).`,
      );
    }
    invocation.terminal.note(`Wrote ${out}.`);
    return exitCodes.done;
  },
};

function titleOf({ case: { name } }: ReportContent): string {
  return `Rescind: report on ${name}`;
}
