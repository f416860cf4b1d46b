import { CustodyJournal } from '#electron/custody/journal.ts';
import { createWriterService } from '#electron/store/write/writer-service.ts';
import { type DirectWriter, importFiles } from './fake-ingest.ts';
import { type KillPlan, eager, filesToImport } from './kill-plan.ts';
import { syntheticFile } from './synthetic.ts';

const plan = JSON.parse(process.argv[2]!) as KillPlan;
if (plan.dieAtJournal !== null) dieAtJournal(plan.dieAtJournal);
const writer = createWriterService(eager) as DirectWriter;
writer.open(plan);
importFiles(writer, filesToImport.map(syntheticFile), {
  seed: plan.seed,
  batch: 250,
  onBatch: () => void process.send?.('batch'),
});
writer.close({});
process.disconnect();

function dieAtJournal({ write, when }: NonNullable<KillPlan['dieAtJournal']>): void {
  const journal = CustodyJournal.prototype;
  const append: (this: CustodyJournal, facts: never) => void = Reflect.get(journal, 'append');
  let left = write;
  Reflect.set(journal, 'append', function (this: CustodyJournal, facts: never): void {
    left--;
    if (left === 0 && when === 'before') process.kill(process.pid, 'SIGKILL');
    append.call(this, facts);
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  });
}
