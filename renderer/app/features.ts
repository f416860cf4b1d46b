import { drift } from '../features/drift/feature.ts';
import { events } from '../features/events/feature.ts';
import { evidence } from '../features/evidence/feature.ts';
import { findings } from '../features/findings/feature.ts';
import { identities } from '../features/identities/feature.ts';
import { overview } from '../features/overview/feature.ts';
import { ownership } from '../features/ownership/feature.ts';
import { respond } from '../features/respond/feature.ts';
import { traces } from '../features/traces/feature.ts';
import type { Feature } from '../state/feature.ts';

/** The parts of the console, in the sidebar's order. A new one is a folder in `renderer/features` and a line here. */
export const features: readonly Feature[] = [
  overview,
  events,
  traces,
  identities,
  drift,
  findings,
  ownership,
  respond,
  evidence,
];
