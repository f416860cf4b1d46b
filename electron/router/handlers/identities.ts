import { readFile, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { readOwnership } from '#shared/analysis/ownership/read.ts';
import type { OutputOf } from '#shared/ipc/contract.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Engine } from '../engine.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type IdentityOperation = 'identities.decide' | 'ownership.import';

/** A matrix of owners is text that people write. */
const largestFile = 5_000_000;

export function identityHandlers({ engine, tokens }: HandlerServices): Handlers<IdentityOperation> {
  return {
    'identities.decide': ({ why, data }) => {
      if (data.kind === 'standing') checkEnd(data.as, data.until);
      return engine.decide(userInfo().username, why, data);
    },
    'ownership.import': async ({ token, why }) => {
      const { path, workingFolder } = tokens.take(token);
      const file = workingFolder === undefined ? path : resolve(workingFolder, path);
      try {
        return await importOwnership(engine, file, why);
      } finally {
        // What was uploaded for this alone is not needed any more.
        if (workingFolder !== undefined) await rm(file, { force: true });
      }
    },
  };
}

/** Takes the rows of a CODEOWNERS file or a table into the matrix. Throws kinds `invalid-input`, `unusable`. */
export async function importOwnership(
  engine: Engine,
  path: string,
  why: string,
): Promise<OutputOf<'ownership.import'>> {
  const text = await textOf(path);
  const { rows, problems } = readOwnership(text);
  if (rows.length === 0) {
    const [first] = problems;
    const what = first === undefined ? '' : ` Line ${first.line}: ${first.message}`;
    throw new FailureError('unusable', `There is no row of owners in ${path}.${what}`);
  }
  const data = { kind: 'ownership', rows, replace: false } as const;
  return { decision: await engine.decide(userInfo().username, why, data), rows: rows.length, problems };
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > largestFile) throw new FailureError('unusable', `${path} is too large for a list of owners.`);
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof FailureError) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FailureError('unusable', `${path} cannot be read (${why}).`);
  }
}

/** What is temporary or an exception has an end. */
function checkEnd(as: string, until: string | null): void {
  if (until !== null && parseInstant(until) === null) {
    throw new FailureError('invalid-input', `“${until}” is no time. Write it as RFC 3339.`);
  }
  if (as !== 'standing' && until === null) {
    throw new FailureError('invalid-input', `What is ${as} has an end: give it.`);
  }
}
