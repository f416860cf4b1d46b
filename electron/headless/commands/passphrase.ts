import { readFileSync } from 'node:fs';
import { FailureError } from '#shared/util/result.ts';
import { readSecret } from '../standard-input.ts';
import type { Invocation } from './command.ts';

/** The passphrase of a sealed key, from standard input; null for one that is not sealed. */
export async function passphraseOf(key: string, { terminal }: Invocation): Promise<string | null> {
  let pem: string;
  try {
    pem = readFileSync(key, 'utf8');
  } catch {
    throw new FailureError('not-found', `The key ${key} cannot be read.`);
  }
  return pem.includes('ENCRYPTED') ? readSecret(terminal, `The passphrase of ${key}`) : null;
}
