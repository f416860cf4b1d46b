import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commonOptions, readArguments } from '#electron/headless/arguments.ts';
import { commands } from '#electron/headless/commands/index.ts';
import { exitCodeOf } from '#electron/headless/exit-code.ts';
import { type Session, createSession } from '#electron/headless/session.ts';
import type { ChildLauncher } from '#electron/platform/children.ts';
import { entryFile } from '#electron/platform/entries.ts';
import { createNodeLauncher } from '#electron/platform/node-children.ts';
import type { HostEvent } from '#shared/ipc/client.ts';
import { failureOf } from '#shared/util/result.ts';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The JSON document on standard output. */
  json(): Record<string, unknown>;
}

/** The command line in this process, with a home of its own and the test world as its only provider type. */
export class CommandLine {
  readonly home = mkdtempSync(join(tmpdir(), 'rescind-respond-cli-'));
  readonly session: Session;
  readonly #launcher: ChildLauncher;

  constructor() {
    process.env['RESCIND_PASSPHRASE'] = 'a passphrase for tests';
    const double = join(import.meta.dirname, '../children/respond.ts');
    this.#launcher = createNodeLauncher((name) => (name === 'respond' ? double : entryFile(name)));
    this.session = createSession({
      launcher: this.#launcher,
      folders: { config: join(this.home, 'config'), data: join(this.home, 'data') },
    });
  }

  /** Another host of the same user, as after a restart; `notify` hears what it tells its page. */
  anotherHost(notify: (event: HostEvent) => void): Session {
    const folders = { config: join(this.home, 'config'), data: join(this.home, 'data') };
    return createSession({ launcher: this.#launcher, folders, notify });
  }

  path(name: string): string {
    return join(this.home, name);
  }

  async run(...words: readonly string[]): Promise<Answer> {
    const [name = '', ...rest] = words;
    const command = commands.find((candidate) => candidate.name === name)!;
    const out: string[] = [];
    const err: string[] = [];
    const terminal = {
      isInteractive: false,
      showsProgress: false,
      columns: 100,
      write: (data: string | Uint8Array) => void out.push(String(data)),
      note: (line: string) => void err.push(line),
      status: () => undefined,
    };
    let code: number;
    try {
      const given = readArguments(rest, { ...command.options, ...commonOptions });
      const signal = new AbortController().signal;
      code = await command.run({
        ...given,
        terminal,
        signal,
        launcher: this.#launcher,
        session: () => this.session,
      });
    } catch (thrown) {
      const failure = failureOf(thrown);
      err.push(failure.message);
      code = exitCodeOf(failure.kind);
    }
    const text = out.join('');
    return { code, out: text, err: err.join('\n'), json: () => JSON.parse(text) as Record<string, unknown> };
  }

  close(): void {
    this.session.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
