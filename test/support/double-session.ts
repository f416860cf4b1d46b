import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '#electron/platform/log.ts';
import { createNodeLauncher } from '#electron/platform/node-children.ts';
import { type Session, createSession } from '#electron/headless/session.ts';
import type { HostEvent } from '#shared/ipc/client.ts';

/** An engine and a router of their own, with real child processes that do what the test says. */
export interface DoubleSession extends Session {
  readonly home: string;
  readonly events: HostEvent[];
  readonly logged: number[];
  /** A folder that the doubles take for a case. */
  makeCase(name: string): string;
}

export function doubleSession(options: { readonly readOnly?: boolean } = {}): DoubleSession {
  const home = mkdtempSync(join(tmpdir(), 'rescind-session-'));
  const events: HostEvent[] = [];
  const logged: number[] = [];
  const log: Log = { write: (_level, id) => void logged.push(id) };
  const session = createSession({
    launcher: createNodeLauncher((name) => join(import.meta.dirname, 'children', `${name}.ts`)),
    folders: { config: join(home, 'config'), data: join(home, 'data') },
    log,
    notify: (event) => void events.push(event),
    ...options,
  });
  return {
    ...session,
    home,
    events,
    logged,
    makeCase(name) {
      const folder = join(home, name);
      mkdirSync(folder);
      writeFileSync(join(folder, 'case.json'), '{}');
      writeFileSync(join(folder, 'case.db'), '');
      return folder;
    },
  };
}
