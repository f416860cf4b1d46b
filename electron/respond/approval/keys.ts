import { type KeyObject, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import { publicKeyOf } from './dsse.ts';

/** Makes an approver's key (Ed25519, PKCS #8 PEM, 0600), sealed where a passphrase is given. Answers with its public key. */
export function createKeyFile(path: string, passphrase: string | null): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seal = passphrase === null ? {} : { cipher: 'aes-256-cbc', passphrase };
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...seal });
  try {
    writeFileSync(path, pem, { mode: fileMode, flag: 'wx', flush: true });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    throw new FailureError('invalid-input', `${path} is there already; a key is never overwritten.`);
  }
  return publicKeyOf(privateKey);
}

/** Reads an approver's key. Throws kind `unusable` with what is wrong. */
export function readKeyFile(path: string, passphrase: string | null): KeyObject {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch {
    throw new FailureError('not-found', `The key ${path} cannot be read.`);
  }
  if (pem.includes('ENCRYPTED') && passphrase === null) {
    throw new FailureError(
      'invalid-input',
      `The key ${path} is sealed: give its passphrase on standard input.`,
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(passphrase === null ? pem : { key: pem, passphrase });
  } catch {
    throw new FailureError('unusable', `${path} is no private key in PEM, or its passphrase is another one.`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new FailureError(
    'unusable',
    `${path} is a key for ${key.asymmetricKeyType ?? 'something else'}, not Ed25519.`,
  );
}
