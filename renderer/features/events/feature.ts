import type { Feature } from '../../state/feature.ts';
import { EventDetail } from './detail/event-detail.tsx';
import { EventsView } from './events-view.tsx';

export const events: Feature = {
  view: { id: 'events', title: 'Events', icon: 'events', keys: 'g e', component: EventsView },
  details: { event: { title: 'Event', component: EventDetail } },
};
