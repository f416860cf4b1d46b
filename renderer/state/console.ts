import { announcementOf } from '#shared/respond/announcement.ts';
import type { PageBridge } from '../bridge/bridge.ts';
import { createAddress, formatAddress } from './address.ts';
import { createCase } from './case.ts';
import { createCommands } from './commands.ts';
import type { Feature } from './feature.ts';
import { createJobs } from './jobs.ts';
import { createMemory } from './memory.ts';
import { createNotices } from './notices.ts';
import { createOutside } from './outside.ts';
import { createPreferences } from './preferences.ts';

/** Everything that the console's parts share. */
export interface Console {
  readonly bridge: PageBridge;
  /** The parts that it is made of, in the sidebar's order. */
  readonly features: readonly Feature[];
  readonly address: ReturnType<typeof createAddress>;
  readonly case: ReturnType<typeof createCase>;
  readonly jobs: ReturnType<typeof createJobs>;
  readonly preferences: ReturnType<typeof createPreferences>;
  readonly commands: ReturnType<typeof createCommands>;
  readonly notices: ReturnType<typeof createNotices>;
  readonly outside: ReturnType<typeof createOutside>;
}

/** Makes the stores, follows the host's events, and remembers each case's address for the next visit. */
export function createConsole(bridge: PageBridge, page: Window, features: readonly Feature[]): Console {
  const memory = createMemory(page);
  const console: Console = {
    bridge,
    features,
    address: createAddress(page),
    case: createCase(bridge),
    jobs: createJobs(bridge),
    preferences: createPreferences(memory),
    commands: createCommands(),
    notices: createNotices(),
    outside: createOutside(),
  };
  bridge.onEvent((event) => {
    if (event.type === 'case-changed') void console.case.getState().refresh();
    else if (event.type === 'command') console.commands.getState().run(event.command);
    else {
      const { title, body, good } = announcementOf(event);
      const open = (): void =>
        console.address.getState().go({ view: 'respond', tab: `run/${event.run}`, selected: null });
      const text = `${title}: ${body}`;
      console.notices
        .getState()
        .show(
          good
            ? { tone: 'info', text }
            : { tone: 'danger', text, action: { label: 'Open the run', run: open } },
        );
    }
  });
  rememberAddress(console, memory, page);
  void console.case.getState().refresh();
  return console;
}

/** A case opens where it was left, unless the page was opened at an address of its own. */
function rememberAddress(console: Console, memory: ReturnType<typeof createMemory>, page: Window): void {
  let first = true;
  console.case.subscribe(({ summary }, before) => {
    if (summary === null || summary.id === before.summary?.id) return;
    const hash = first ? page.location.hash : '';
    first = false;
    if (hash !== '') return;
    page.history.replaceState(null, '', memory.read(`address.${summary.id}`) ?? '#/overview');
    page.dispatchEvent(new PopStateEvent('popstate'));
  });
  console.address.subscribe((address) => {
    const summary = console.case.getState().summary;
    if (summary !== null) memory.write(`address.${summary.id}`, formatAddress(address));
  });
}
