import {
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileMode, folderMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';

/** Name under which checkpoints are signed. */
const keyName = 'rescind-workstation';
const ed25519 = 1;

/** Signs checkpoints of journals as signed notes (C2SP signed-note). */
export interface Signer {
  /** `name+hash+key`, the verifier key of a signed note. */
  readonly verifierKey: string;
  /** The signature line for a note's text. */
  signatureLine(text: string): string;
}

/**
 * The workstation's Ed25519 key, made at first use in the user's configuration folder (0600). It is an integrity
 * key: it proves that a journal has not changed since this workstation signed it, not who sat at the keyboard.
 * Whoever can read the file can sign; keep checkpoints elsewhere where that matters.
 */
export function openSigner(configFolder: string): Signer {
  return signerOf(loadKey(configFolder));
}

function loadKey(configFolder: string): KeyObject {
  const path = join(configFolder, 'custody-key.pem');
  mkdirSync(configFolder, { recursive: true, mode: folderMode });
  const known = readKey(path);
  if (known !== null) return known;
  const { privateKey } = generateKeyPairSync('ed25519');
  const part = `${path}.${process.pid}`;
  writeFileSync(part, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: fileMode });
  try {
    // Two processes may make a key at once: the first one stays.
    linkSync(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(part, { force: true });
  }
  return readKey(path) ?? privateKey;
}

function readKey(path: string): KeyObject | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  chmodSync(path, fileMode);
  try {
    return createPrivateKey(text);
  } catch {
    throw new FailureError(
      'unusable',
      `The signing key ${path} is damaged. Move it away; a new one is made, and older journals keep their own.`,
    );
  }
}

function signerOf(privateKey: KeyObject): Signer {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  const key = Buffer.concat([Buffer.of(ed25519), Buffer.from(jwk.x ?? '', 'base64url')]);
  const id = createHash('sha256').update(`${keyName}\n`).update(key).digest().subarray(0, 4);
  return {
    verifierKey: `${keyName}+${id.toString('hex')}+${key.toString('base64')}`,
    signatureLine(text) {
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
      return `\u2014 ${keyName} ${signature.toString('base64')}\n`;
    },
  };
}
