import { lazy } from 'react';
import type { Feature } from '../../state/feature.ts';

/** Its charts come with a library that no other view needs at once. */
const OverviewView = lazy(() =>
  import('./overview-view.tsx').then((module) => ({ default: module.OverviewView })),
);

export const overview: Feature = {
  view: { id: 'overview', title: 'Overview', icon: 'overview', keys: 'g o', component: OverviewView },
};
