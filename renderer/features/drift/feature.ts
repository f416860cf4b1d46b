import { lazy } from 'react';
import type { Feature } from '../../state/feature.ts';
import { ChangeDetail } from './change-detail.tsx';

const DriftView = lazy(() => import('./drift-view.tsx').then((module) => ({ default: module.DriftView })));

export const drift: Feature = {
  view: { id: 'drift', title: 'Drift', icon: 'drift', keys: 'g d', component: DriftView },
  details: { change: { title: 'Change of a permission', component: ChangeDetail } },
};
