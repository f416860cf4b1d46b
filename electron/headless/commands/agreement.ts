import { valueOf } from '#electron/router/value-of.ts';
import type { AgreementReport } from '#shared/domain/agreement.ts';
import type { ReplayProgress } from '#shared/ipc/views.ts';
import { exitCodes } from '../exit-code.ts';
import { createProgress } from '../progress.ts';
import { count, table } from '../text.ts';
import { type Command, caseOption, openCase, printDocument, textOf } from './command.ts';

export const agreement: Command = {
  name: 'agreement',
  usage: '--case DIR',
  summary: 'how often the recomputed decisions are those that were recorded, per log format, and why not',
  notes:
    'Every event is judged by the policies as they stood in its second; distinct requests are judged once. The result\n' +
    'is kept in the case until events or bundles are added.',
  options: { ...caseOption },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { terminal, signal } = invocation;
    const progress = createProgress(
      textOf(invocation, 'progress'),
      terminal,
      ({ events, groups }: ReplayProgress) => `${count(events)} events, ${count(groups)} different ones …`,
    );
    const { client } = await openCase(invocation);
    const report = valueOf(
      await client.request('policy.agreement', {}, { signal, onItem: (item) => progress.show(item) }),
    );
    progress.end();
    await printDocument(invocation, report, () => agreementTable(report));
    return exitCodes.done;
  },
};

function agreementTable({ sources }: AgreementReport): string {
  return table(sources, [
    { title: 'format', value: ({ format }) => format },
    { title: 'system', value: ({ system }) => system },
    { title: 'events', value: ({ events }) => events },
    { title: 'requests', value: ({ requests }) => requests },
    { title: 'compared', value: ({ compared }) => compared },
    { title: 'agreed', value: ({ agreed }) => agreed },
    { title: 'undecided', value: ({ undecided }) => undecided },
    {
      title: 'causes',
      value: ({ causes }) => causes.map(({ cause, events }) => `${cause} ${events}`).join(', '),
    },
  ]);
}
