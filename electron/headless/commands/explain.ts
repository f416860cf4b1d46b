import { valueOf } from '#electron/router/value-of.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import { exitCodes } from '../exit-code.ts';
import { visible } from '../text.ts';
import { type Command, caseOption, openCase, printDocument, textOf } from './command.ts';

export const explain: Command = {
  name: 'explain',
  usage: '--case DIR EVENT [--bundle ID]',
  summary: 'the trace of a logged decision: recorded, recomputed, and where they differ',
  notes:
    'Without --bundle the policies are asked as they stood in the second of the event: the nearest bundle with the logged\n' +
    'changes since. SYSTEM@TIME (aws-iam@2026-05-01T10:00:00Z) names those of any other moment.',
  options: {
    ...caseOption,
    bundle: {
      type: 'string',
      value: 'ID',
      help: 'a bundle of the case, as “bundle list” names it, or SYSTEM@TIME',
    },
  },
  positionals: { min: 1, max: 1 },
  async run(invocation) {
    const [event = ''] = invocation.positionals;
    const { client } = await openCase(invocation);
    const input = { event, bundle: textOf(invocation, 'bundle') ?? null };
    const { signal } = invocation;
    const trace = valueOf(await client.request('policy.explain', input, { signal }));
    await printDocument(invocation, trace, () => traceText(trace));
    return exitCodes.done;
  },
};

function traceText({ recorded, evaluation, divergence, bundle }: DecisionTrace): string {
  const lines = [
    `recorded:   ${recorded?.decision ?? '–'}${recorded?.reason === undefined ? '' : ` (${recorded.reason})`}`,
    `recomputed: ${evaluation === undefined ? 'no bundle of this system is in the case' : `${evaluation.decision}: ${evaluation.verdict}`}`,
  ];
  const effective = recorded?.effective ?? [];
  if (effective.length > 0) {
    const named = effective.map(({ policy, source }) => (source === null ? policy : `${policy} (${source})`));
    lines.push(`took part:  ${named.join(', ')}`);
  }
  if (divergence !== undefined) lines.push(`divergence: ${divergence.likelyCause}: ${divergence.why}`);
  if (bundle?.id !== undefined) {
    const { rebuilt } = bundle;
    const changed =
      rebuilt === undefined ? '' : ` with ${rebuilt.changes} logged changes, ${rebuilt.unknown} not known`;
    lines.push(`bundle:     ${bundle.id} (${bundle.matchedBy ?? ''})${changed}`);
  }
  return `${lines.map(visible).join('\n')}\n`;
}
