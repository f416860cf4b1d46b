import { readFileSync } from 'node:fs';
import { execute, resume } from '#electron/respond/run/engine.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import { Bench, emergency } from './bench.ts';

// A process that acts and may be killed at any instant: executes the plan, or resumes the run that it is told.
// Without arguments it only loads its code, so that the compiled form is there for those that follow.
const [root = '', planFile = '', run = ''] = process.argv.slice(2);
if (root === '') process.exit(0);
const bench = new Bench({ root, limits: { settleMs: 250 } });
const document = JSON.parse(readFileSync(planFile, 'utf8')) as PlanDocument;
if (run === '') await execute(document, emergency(Date.now()), bench.tools());
else await resume(run, null, bench.tools());
bench.close();
process.exit(0);
