import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileMode } from '#electron/platform/case-folder.ts';

/** Replaces a file at once and durably: written beside, synchronised, renamed, and the folder synchronised. */
export function writeDurably(path: string, text: string): void {
  const part = `${path}.${process.pid}.new`;
  writeFileSync(part, text, { mode: fileMode, flush: true });
  renameSync(part, path);
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
