import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExternalEngine } from '#shared/domain/policy-system.ts';

/** The real Cerbos program of the optional development package; null where it is not installed for this machine. */
export const cerbosProgram: ExternalEngine | null = find();

function find(): ExternalEngine | null {
  try {
    const path = createRequire(import.meta.url).resolve('@cerbos/cerbos-linux-x64/cerbos-linux-x64');
    return { version: 'test', run: (files, args) => run(path, files, args) };
  } catch {
    return null;
  }
}

function run(path: string, files: Parameters<ExternalEngine['run']>[0], args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-cerbos-test-'));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.bytes);
  }
  return new Promise<Awaited<ReturnType<ExternalEngine['run']>>>((resolve) => {
    const child = spawn(path, [...args], { cwd: folder });
    const [stdout, stderr]: Buffer[][] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout!.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr!.push(chunk));
    child.on('close', (code) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ exitCode: code ?? -1, stdout: joined(stdout!), stderr: joined(stderr!) });
    });
  });
}

function joined(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
