import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '#shared/util/result.ts';
import { Desk } from './desk.ts';
import { isBrokenEngine } from './broken-engine.ts';
import { evaluateJob } from './evaluate-job.ts';
import { driftJob, entitlementsJob, pathsJob, proposeJob, reachJob } from './entitlements.ts';
import { explainJob, judgeJob } from './events.ts';
import { judgeEpochsJob } from './epochs.ts';
import { askJob, describeJob, textsJob, whoJob } from './questions.ts';
import { type FromThread, type Job, type ThreadSettings, type ToThread, phases } from './protocol.ts';
import { Shelf } from './shelf.ts';

/** Entry of a worker thread: loads bundles and evaluates, one job after another. It opens no files and no sockets. */
function serve(port: NonNullable<typeof parentPort>, settings: ThreadSettings): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: the port has one receiver
  const post = (message: FromThread): void => port.postMessage(message);
  const desk = new Desk(settings, post);
  const shelf = new Shelf((what) => desk.read(what), desk.engines);

  const work = async (job: Job): Promise<void> => {
    try {
      const value = await perform(job, shelf, desk);
      desk.flush();
      post({ type: 'done', value });
    } catch (thrown) {
      // Not caught here either, it ends the thread where it stands.
      if (isBrokenEngine(thrown)) throw thrown;
      post({ type: 'failed', failure: failureOf(thrown) });
    }
    desk.at(phases.idle, 0);
  };
  port.on('message', (message: ToThread) => {
    if (message.type === 'job') void work(message.job);
    else desk.settle(message);
  });
}

async function perform(job: Job, shelf: Shelf, desk: Desk): Promise<unknown> {
  if (job.kind === 'evaluate') return evaluateJob(job, shelf, desk);
  desk.at(phases.loading, 0);
  const bundle = await shelf.load(job.bundle);
  desk.at(phases.evaluating, 0);
  switch (job.kind) {
    case 'describe':
      return describeJob(job, bundle);
    case 'source':
      return (await shelf.sourceOf(job.bundle)).source;
    case 'texts':
      return textsJob(job, bundle, shelf);
    case 'identities':
      return [...(bundle.compiled.identities?.() ?? [])];
    case 'who':
      return whoJob(job, bundle, desk);
    case 'ask':
      return askJob(job, bundle);
    case 'explain':
      return explainJob(job, bundle);
    case 'judge':
      return judgeJob(job, bundle, job.against === null ? null : await shelf.load(job.against), desk);
    case 'judge-epochs':
      return judgeEpochsJob(job, shelf, desk);
    case 'entitlements':
      return entitlementsJob(job, bundle);
    case 'paths':
      return pathsJob(job, bundle);
    case 'reach':
      return reachJob(job, bundle);
    case 'propose':
      return proposeJob(job, bundle);
    case 'drift':
      return driftJob(bundle, await shelf.load(job.to));
    case 'expect':
  }
  // What reads YAML is loaded where it is needed: every question waits for what stands above.
  const { expectJob } = await import('./expect-job.ts');
  return expectJob(job, bundle, desk);
}

if (parentPort !== null) serve(parentPort, workerData as ThreadSettings);
