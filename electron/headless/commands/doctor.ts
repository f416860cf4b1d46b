import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, printDocument, textOf } from './command.ts';

export const doctor: Command = {
  name: 'doctor',
  usage: '[--case DIR]',
  summary: 'what this machine has and lacks, and what to do about it',
  options: { case: { ...caseOption.case, required: false } },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { client, engine } = invocation.session();
    const folder = textOf(invocation, 'case');
    if (folder !== undefined) await engine.openCase(folder);
    const checks = valueOf(await client.request('app.doctor', {}));
    const ok = checks.every((check) => check.ok || check.level === 'info');
    await printDocument(invocation, { ok, checks }, () =>
      checks
        .map(({ name, ok: fine, found, advice }) => {
          const mark = fine ? 'ok  ' : 'note';
          return `${mark} ${name.padEnd(16)} ${found}\n${advice === '' ? '' : `     ${' '.repeat(16)} → ${advice}\n`}`;
        })
        .join(''),
    );
    return ok ? exitCodes.done : exitCodes.no;
  },
};
