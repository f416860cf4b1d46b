import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileMode, folderMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import { safePath } from './bundle/file-set.ts';
import { programMilliseconds, programOutput } from './limits.ts';
import type { EngineOutput, EngineRun } from './thread/protocol.ts';

/** The user's own `opa` and `cerbos`, as far as they are configured and answer. */
export interface Programs {
  readonly opa: Program | null;
  readonly cerbos: Program | null;
  /** Why a configured one is not used. */
  readonly problems: readonly string[];
}
interface Program {
  readonly path: string;
  readonly version: string;
}

interface Started {
  readonly path: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly input: string | null;
  readonly milliseconds: number;
}

/** Asks the configured programs for their versions; one that does not answer is not used, and it is said why. */
export async function findPrograms(configured: {
  readonly opa: string | null;
  readonly cerbos: string | null;
}): Promise<Programs> {
  const problems: string[] = [];
  const probe = async (name: string, path: string | null, arg: string): Promise<Program | null> => {
    if (path === null) return null;
    try {
      const { stdout, stderr } = await start({
        path,
        args: [arg],
        folder: tmpdir(),
        input: null,
        milliseconds: 15_000,
      });
      const version = /\d+\.\d+\.\d+\S*/.exec(`${stdout}\n${stderr}`)?.[0];
      if (version !== undefined) return { path, version };
      problems.push(`The configured ${name} (${path}) does not tell its version and is not used.`);
    } catch (thrown) {
      problems.push(`The configured ${name} (${path}) is not used: ${(thrown as Error).message}`);
    }
    return null;
  };
  const [opa, cerbos] = await Promise.all([
    probe('opa', configured.opa, 'version'),
    probe('cerbos', configured.cerbos, '--version'),
  ]);
  return { opa, cerbos, problems };
}

/**
 * Runs a program on files in a new private folder, which is its working folder and is removed afterwards.
 * SECURITY: an argument array and no shell, a minimal environment with that folder as home, limits on time and output.
 */
export async function runProgram(
  programs: Programs,
  { engine, files, args, input }: EngineRun,
  signal: AbortSignal,
): Promise<EngineOutput> {
  const program = programs[engine];
  if (program === null) throw new FailureError('unsupported', `No ${engine} is configured.`);
  const folder = await mkdtemp(join(tmpdir(), 'rescind-policy-'));
  try {
    for (const { path, bytes } of files) {
      const inner = safePath(path);
      if (inner === null) throw new FailureError('unusable', `“${path}” leads out of the folder.`);
      await mkdir(dirname(join(folder, inner)), { recursive: true, mode: folderMode });
      await writeFile(join(folder, inner), bytes, { mode: fileMode });
    }
    const started = { path: program.path, args, folder, input, milliseconds: programMilliseconds };
    return await start(started, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function start(
  { path, args, folder, input, milliseconds }: Started,
  signal?: AbortSignal,
): Promise<EngineOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [...args], {
      cwd: folder,
      env: { HOME: folder, TMPDIR: folder, NO_COLOR: '1', TZ: 'UTC' },
      stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
      killSignal: 'SIGKILL',
    });
    const refuse = (message: string): void => {
      child.kill('SIGKILL');
      reject(new FailureError('unusable', message));
    };
    const timer = setTimeout(() => refuse(`It took more than ${milliseconds / 1000} seconds.`), milliseconds);
    const [out, err] = [new Output(refuse), new Output(refuse)];
    child.stdout?.on('data', (chunk: Buffer) => out.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.add(chunk));
    child.stdin?.on('error', () => undefined);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new FailureError('unusable', `It cannot be run: ${error.message}`));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ exitCode: code ?? -1, stdout: out.text(), stderr: err.text() });
    });
    if (input !== null) child.stdin?.end(input);
  });
}

/** Collects output up to the limit. */
class Output {
  readonly #parts: Buffer[] = [];
  readonly #refuse: (message: string) => void;
  #bytes = 0;
  constructor(refuse: (message: string) => void) {
    this.#refuse = refuse;
  }
  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > programOutput) this.#refuse(`It wrote more than ${programOutput} bytes.`);
    else this.#parts.push(chunk);
  }
  text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }
}
