import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '#shared/util/result.ts';
import type { NamedPath } from '../file-tokens.ts';
import { openSample } from '../sample-case.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type CaseOperation =
  | 'case.current'
  | 'case.create'
  | 'case.open'
  | 'case.openRecent'
  | 'case.openSample'
  | 'case.close';

export function caseHandlers({ engine, tokens }: HandlerServices): Handlers<CaseOperation> {
  return {
    'case.current': () => engine.current(),
    'case.create': ({ token, name }) =>
      engine.createCase(newCaseFolder(folderOf(tokens.take(token)), name), name),
    'case.open': ({ token }) => engine.openCase(folderOf(tokens.take(token))),
    'case.openRecent': ({ id }) => {
      const folder = engine.recent.folderOf(id);
      if (folder === null) throw new FailureError('not-found', 'This case was not opened here before.');
      return engine.openCase(folder);
    },
    'case.openSample': (_, { signal, emit }) =>
      openSample(engine, { signal, onProgress: (progress) => void emit(progress) }),
    'case.close': () => {
      engine.closeCase();
      return null;
    },
  };
}

function folderOf({ path, kind, name }: NamedPath): string {
  if (kind === 'folder') return path;
  throw new FailureError('invalid-input', `${name} is a file. A case is a folder: choose the folder itself.`);
}

/** The chosen folder where it is empty, else a folder in it that is called like the case. */
function newCaseFolder(chosen: string, name: string): string {
  if (!existsSync(chosen) || readdirSync(chosen).length === 0) return chosen;
  return join(chosen, fileNameOf(name));
}

/** A folder's name on every system: letters, digits, dots, dashes and underscores. */
function fileNameOf(name: string): string {
  const safe = name
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(0, 80);
  return safe === '' ? 'case' : safe;
}
