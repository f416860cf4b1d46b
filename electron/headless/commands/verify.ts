import { valueOf } from '#electron/router/value-of.ts';
import type { VerifyReport } from '#shared/ipc/views.ts';
import { exitCodes } from '../exit-code.ts';
import { createProgress, verifyLine } from '../progress.ts';
import { byteSize, count, visible } from '../text.ts';
import { type Command, caseOption, openCase, printDocument, textOf } from './command.ts';

export const verify: Command = {
  name: 'verify',
  usage: '--case DIR',
  summary: 'check every hash, every position, the custody journal, and what the source itself signs',
  notes: 'Ends with 1 where something does not hold.',
  options: { ...caseOption },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { terminal, signal } = invocation;
    const progress = createProgress(textOf(invocation, 'progress'), terminal, verifyLine);
    const { client } = await openCase(invocation);
    const report = valueOf(
      await client.request('evidence.verify', {}, { signal, onItem: (item) => progress.show(item) }),
    );
    progress.end();
    await printDocument(invocation, report, () => reportText(report));
    return report.ok ? exitCodes.done : exitCodes.no;
  },
};

function reportText({ ok, evidence, offsets, custody, sources, problems }: VerifyReport): string {
  const lines = [
    ok ? 'Verified: everything holds.' : `NOT verified: ${count(problems.length)} problems.`,
    `${count(evidence.files)} files, ${byteSize(evidence.bytes)}; ${count(offsets.events)} events at their positions`,
    `custody journal: ${count(custody.entries)} entries, ${count(custody.checkpoints)} checkpoints, root ${custody.rootHash ?? '–'}`,
    ...sources.map(
      ({ path, ok: holds, message }) =>
        `source ${visible(path)}: ${holds === null ? 'cannot know' : holds ? 'holds' : 'DOES NOT HOLD'}: ${visible(message)}`,
    ),
    ...problems.map(({ what, message }) => `problem ${visible(what)}: ${visible(message)}`),
  ];
  return `${lines.join('\n')}\n`;
}
