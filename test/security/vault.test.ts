import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memoryVault, passphraseVault } from '#electron/headless/vault.ts';

const canary = 'canary-AKIAIOSFODNN7EXAMPLE';
const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'rescind-vault-')), 'config', 'vault.json');

interface Stored {
  version: number;
  kdf: { memory: number; passes: number; salt: string };
  iv: string;
  sealed: string;
}

async function filled(passphrase = 'correct horse'): Promise<string> {
  const file = newFile();
  await passphraseVault(file, passphrase).set('okta', canary);
  return file;
}
function change(file: string, edit: (stored: Stored) => void): void {
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Stored;
  edit(stored);
  writeFileSync(file, JSON.stringify(stored));
}

const flipped = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);

describe('the passphrase vault', () => {
  test('gives a secret back after a restart, and forgets it when told to', async () => {
    const file = await filled();
    const vault = passphraseVault(file, 'correct horse');
    expect(await vault.get('okta')).toBe(canary);
    expect(await vault.get('other')).toBeNull();
    await vault.remove('okta');
    expect(await passphraseVault(file, 'correct horse').get('okta')).toBeNull();
  });

  test('shows neither secrets nor their names on the disk, and its file to nobody else', async () => {
    const file = await filled();
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(canary);
    expect(text).not.toContain('okta');
    // Windows has no such modes.
    expect(statSync(file).mode & 0o077 & (process.platform === 'win32' ? 0 : 0o777)).toBe(0);
  });

  test('takes one way of writing a passphrase for the same as another (é as one character or two)', async () => {
    const file = await filled('caf\u00e9');
    expect(await passphraseVault(file, 'cafe\u0301').get('okta')).toBe(canary);
  });

  test('refuses a wrong passphrase, and keeps its secrets then', async () => {
    const file = await filled();
    const wrong = passphraseVault(file, 'wrong');
    await expect(wrong.get('okta')).rejects.toMatchObject({ failure: { kind: 'refused' } });
    await expect(wrong.set('aws', 'x')).rejects.toMatchObject({ failure: { kind: 'refused' } });
    expect(await passphraseVault(file, 'correct horse').get('okta')).toBe(canary);
  });

  test('keeps all secrets that are set at once', async () => {
    const file = newFile();
    const vault = passphraseVault(file, 'correct horse');
    const names = Array.from({ length: 20 }, (_, number) => `provider-${number}`);
    await Promise.all(names.map((name) => vault.set(name, `${canary} ${name}`)));
    const later = passphraseVault(file, 'correct horse');
    for (const name of names) expect(await later.get(name)).toBe(`${canary} ${name}`);
  });

  test('never seals twice with the same nonce', async () => {
    const file = await filled();
    const nonces = new Set<string>();
    const vault = passphraseVault(file, 'correct horse');
    for (let round = 0; round < 5; round++) {
      await vault.set('okta', canary);
      nonces.add((JSON.parse(readFileSync(file, 'utf8')) as Stored).iv);
    }
    expect(nonces.size).toBe(5);
  });

  test.each([
    ['sealed', (stored: Stored) => (stored.sealed = flipped(stored.sealed))],
    ['iv', (stored: Stored) => (stored.iv = flipped(stored.iv))],
    ['salt', (stored: Stored) => (stored.kdf.salt = flipped(stored.kdf.salt))],
    ['passes', (stored: Stored) => (stored.kdf.passes = 2)],
    ['cut', (stored: Stored) => (stored.sealed = stored.sealed.slice(0, 8))],
  ])('notices a change of its file: %s', async (_, edit) => {
    const file = await filled();
    change(file, edit);
    await expect(passphraseVault(file, 'correct horse').get('okta')).rejects.toMatchObject({
      failure: { kind: 'refused' },
    });
  });

  test.each([
    ['version', (stored: Stored) => (stored.version = 2)],
    ['a memory that would take all there is', (stored: Stored) => (stored.kdf.memory = 2 ** 31)],
  ])('does not take another file for a vault: %s', async (_, edit) => {
    const file = await filled();
    change(file, edit);
    await expect(passphraseVault(file, 'correct horse').get('okta')).rejects.toMatchObject({
      failure: { kind: 'unusable' },
    });
  });
});

test('the memory vault keeps a secret for as long as it lives', async () => {
  const vault = memoryVault();
  await vault.set('okta', canary);
  expect(await vault.get('okta')).toBe(canary);
  expect(await memoryVault().get('okta')).toBeNull();
  expect(await vault.backend()).toBe('memory');
});
