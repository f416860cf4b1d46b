import type { ComponentType } from 'react';
import { EventDetail } from '../features/events/event-detail.tsx';
import { EventsView } from '../features/events/events-view.tsx';
import { EvidenceView } from '../features/evidence/evidence-view.tsx';
import { FileDetail } from '../features/evidence/file-detail.tsx';
import { OverviewView } from '../features/overview/overview-view.tsx';
import type { IconName } from '../ui/icon.tsx';

/** A view of the sidebar. Its id stands in the address and in the command `view.<id>`. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  readonly keys: string;
  readonly component: ComponentType;
}

/** The views that exist, in the sidebar's order. */
export const views: readonly View[] = [
  { id: 'overview', title: 'Overview', icon: 'overview', keys: 'g o', component: OverviewView },
  { id: 'events', title: 'Events', icon: 'events', keys: 'g e', component: EventsView },
  { id: 'evidence', title: 'Evidence', icon: 'evidence', keys: 'g v', component: EvidenceView },
];

/** What the detail panel shows, by the kind of the selection in the address. */
export const details: Readonly<
  Record<string, { readonly title: string; readonly component: ComponentType<{ readonly id: string }> }>
> = {
  event: { title: 'Event', component: EventDetail },
  file: { title: 'Evidence file', component: FileDetail },
};
