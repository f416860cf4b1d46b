import { valueOf } from '#electron/router/value-of.ts';
import type { EvidenceItem } from '#shared/ipc/views.ts';
import { exitCodes } from '../exit-code.ts';
import { table } from '../text.ts';
import { type Command, caseOption, openCase, printDocument } from './command.ts';

/** Why a file has no events, or what of it was left out. */
function namedWithReasons({ path, reason, leftOut }: EvidenceItem): string {
  const reasons = [...(reason === null ? [] : [reason]), ...leftOut.map((part) => part.reason)];
  return reasons.length === 0 ? path : `${path} (${reasons.join('; ')})`;
}

export const evidence: Command = {
  name: 'evidence',
  usage: '--case DIR',
  summary: 'the files of the case: hash, path, format, size, counts, time range',
  options: { ...caseOption },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { client } = await openCase(invocation);
    const files = valueOf(await client.request('evidence.list', {}));
    await printDocument(invocation, files, () =>
      table(files, [
        { title: 'sha256', value: ({ sha256 }) => sha256.slice(0, 12) },
        { title: 'format', value: ({ format }) => format },
        { title: 'bytes', value: ({ bytes }) => bytes },
        { title: 'events', value: ({ events }) => events },
        { title: 'duplicates', value: ({ duplicates }) => duplicates },
        { title: 'rejected', value: ({ rejected }) => rejected },
        { title: 'from', value: ({ from }) => from },
        { title: 'to', value: ({ to }) => to },
        { title: 'path', value: namedWithReasons },
      ]),
    );
    return exitCodes.done;
  },
};
