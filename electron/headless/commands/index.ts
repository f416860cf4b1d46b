import { agreement } from './agreement.ts';
import { behaviour } from './behaviour.ts';
import { bundle } from './bundle.ts';
import type { Command } from './command.ts';
import { count } from './count.ts';
import { doctor } from './doctor.ts';
import { drift } from './drift.ts';
import { evaluate } from './evaluate.ts';
import { entitlements, paths } from './entitlements.ts';
import { event } from './event.ts';
import { events } from './events.ts';
import { evidence } from './evidence.ts';
import { explain } from './explain.ts';
import { findings } from './findings.ts';
import { identities } from './identities.ts';
import { identity } from './identity.ts';
import { ingest } from './ingest.ts';
import { lineage } from './lineage.ts';
import { journal } from './journal.ts';
import { open } from './open.ts';
import { ownership } from './ownership.ts';
import { provider } from './provider.ts';
import { reach } from './reach.ts';
import { receipt } from './receipt.ts';
import { rejected } from './rejected.ts';
import { report } from './report.ts';
import { respond } from './respond.ts';
import { replay } from './replay.ts';
import { serve } from './serve.ts';
import { sql } from './sql.ts';
import { usage } from './usage.ts';
import { verify } from './verify.ts';
import { who } from './who.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ingest,
  rejected,
  evidence,
  verify,
  events,
  count,
  event,
  sql,
  identities,
  identity,
  ownership,
  findings,
  lineage,
  entitlements,
  paths,
  reach,
  usage,
  behaviour,
  drift,
  report,
  bundle,
  evaluate,
  who,
  explain,
  replay,
  agreement,
  provider,
  respond,
  receipt,
  journal,
  serve,
  open,
  doctor,
];
