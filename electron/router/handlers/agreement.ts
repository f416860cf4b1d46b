import { runAgreement } from '../agreement-job.ts';
import { readAgreement, writeAgreement } from '../agreement-file.ts';
import type { HandlerServices, Handlers } from './handler.ts';

export function agreementHandlers({
  engine,
}: HandlerServices): Handlers<'policy.agreement' | 'policy.knownAgreement'> {
  const known = async () => {
    const summary = await engine.current();
    const { folder } = engine;
    return summary === null || folder === null ? null : readAgreement(folder, summary.revision);
  };
  return {
    'policy.knownAgreement': known,
    'policy.agreement': async (_, { signal, emit }) => {
      const before = await known();
      if (before !== null) return before;
      const [summary, { folder }] = [await engine.current(), engine];
      const sources = await runAgreement(engine.policySources(signal), signal, emit);
      const report = { revision: summary?.revision ?? 0, sources };
      if (folder !== null && summary !== null) await writeAgreement(folder, report);
      return report;
    },
  };
}
