import { Notification } from 'electron';
import type { HostEvent } from '#shared/ipc/client.ts';

/** Tells by the system's notifications what a look again at a run has found. Names of runs only; nothing of a case. */
export function announce(event: HostEvent): void {
  if (event.type !== 'run-verified' || !Notification.isSupported()) return;
  const { run, round, contained, drifted, survivors } = event;
  const title =
    contained === true && survivors === 0
      ? 'Still contained'
      : contained === false
        ? 'No longer contained'
        : 'Not known to be contained';
  const found = [
    ...(drifted === 0 ? [] : [`${drifted} actions drifted`]),
    ...(survivors === 0 ? [] : [`${survivors} survivors`]),
  ];
  new Notification({ title, body: [`${run}, ${round}`, ...found].join(': ') }).show();
}
