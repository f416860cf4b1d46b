import { lazy } from 'react';
import type { Feature } from '../../state/feature.ts';

const OwnershipView = lazy(() =>
  import('./ownership-view.tsx').then((module) => ({ default: module.OwnershipView })),
);

export const ownership: Feature = {
  view: { id: 'ownership', title: 'Ownership', icon: 'ownership', keys: 'g w', component: OwnershipView },
};
