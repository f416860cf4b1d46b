import { basename, resolve } from 'node:path';
import { valueOf } from '#electron/router/value-of.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { table, visible } from '../text.ts';
import {
  type Command,
  type Invocation,
  caseOf,
  caseOption,
  openCase,
  printDocument,
  systemOption,
  textOf,
} from './command.ts';
import { noteProblems } from './evaluate.ts';

export const bundle: Command = {
  name: 'bundle',
  usage: '(add --case DIR [--system S] [--in-force-from T] [--verification-key FILE] PATH | list --case DIR)',
  summary: 'policy bundles of the case: keep one, or list them',
  notes:
    '“add” keeps a file, a folder or an archive of policies in the case, which is made where there is none. The same\n' +
    'bundle for the same time is kept once. What is wrong in it is told and does not keep it out.',
  options: {
    ...caseOption,
    ...systemOption,
    'verification-key': {
      type: 'string',
      value: 'FILE',
      help: 'the key with which a signed OPA bundle is verified (PEM, or a shared secret)',
    },
    'in-force-from': { type: 'string', value: 'T', help: 'from when it was in force (RFC 3339)' },
  },
  positionals: { min: 1, max: 2 },
  async run(invocation) {
    const [what, path] = invocation.positionals;
    if (what === 'add' && path !== undefined) return add(invocation, path);
    if (what === 'list' && path === undefined) return list(invocation);
    throw new FailureError('invalid-input', 'Write “bundle add PATH” or “bundle list”.');
  },
};

async function add(invocation: Invocation, path: string): Promise<ExitCode> {
  const folder = caseOf(invocation);
  const request = {
    path,
    system: textOf(invocation, 'system') ?? null,
    inForceFrom: textOf(invocation, 'in-force-from') ?? null,
    verificationKey: textOf(invocation, 'verification-key') ?? null,
  };
  const { engine } = invocation.session();
  const name = basename(resolve(folder));
  const added = await engine.addBundleInto(folder, name, request, invocation.signal);
  await printDocument(invocation, viewOf(added), () => {
    noteProblems(added, invocation.terminal);
    return bundleTable([added]);
  });
  return exitCodes.done;
}

async function list(invocation: Invocation): Promise<ExitCode> {
  const { client } = await openCase(invocation);
  const bundles = valueOf(await client.request('bundles.list', {}));
  const asJson = invocation.options['json'] === true || !invocation.terminal.isInteractive;
  if (!asJson) {
    await invocation.terminal.write(bundleTable(bundles));
    return exitCodes.done;
  }
  for (const each of bundles) await invocation.terminal.write(`${JSON.stringify(viewOf(each))}\n`);
  return exitCodes.done;
}

/** In the order of the command line's contract. */
function viewOf(added: CaseBundle): CaseBundle {
  const { id, system, revision, digest, policies, subjects, problems, ...rest } = added;
  return { id, system, revision, digest, policies, subjects, problems, ...rest };
}

function bundleTable(bundles: readonly CaseBundle[]): string {
  return table(bundles, [
    { title: 'id', value: ({ id }) => id },
    { title: 'system', value: ({ system }) => system },
    { title: 'revision', value: ({ revision }) => revision },
    { title: 'in force from', value: ({ inForceFrom }) => inForceFrom },
    { title: 'policies', value: ({ policies }) => policies },
    { title: 'problems', value: ({ problems }) => problems.length },
    { title: 'signature', value: ({ signature }) => signature },
    { title: 'path', value: ({ path }) => visible(path) },
  ]);
}
