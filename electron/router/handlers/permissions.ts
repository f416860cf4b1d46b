import { runDrift } from '../drift-job.ts';
import { runProposal } from '../proposal-job.ts';
import { UsageJob } from '../usage-job.ts';
import type { HandlerServices, Handlers } from './handler.ts';

export function permissionHandlers({
  engine,
}: HandlerServices): Handlers<'drift.run' | 'usage.run' | 'usage.propose'> {
  const usage = new UsageJob(engine);
  return {
    'drift.run': async ({ from, to, offset, limit }, { signal }) => {
      const changes = await runDrift(engine, { from, to }, signal);
      return { changes: changes.slice(offset, offset + limit), total: changes.length };
    },
    'usage.propose': (input, { signal }) => runProposal(engine, input, signal),
    'usage.run': (input, { signal }) => usage.run(input, signal),
  };
}
