import { Notification } from 'electron';
import type { HostEvent } from '#shared/ipc/client.ts';
import { announcementOf } from '#shared/respond/announcement.ts';

/** Tells by the system's notifications what a look again at a run has found. Names of runs only; nothing of a case. */
export function announce(event: HostEvent): void {
  if (event.type !== 'run-verified' || !Notification.isSupported()) return;
  const { title, body } = announcementOf(event);
  new Notification({ title, body }).show();
}
