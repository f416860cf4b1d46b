import type { Feature } from '../../state/feature.ts';
import { OverviewView } from './overview-view.tsx';

export const overview: Feature = {
  view: { id: 'overview', title: 'Overview', icon: 'overview', keys: 'g o', component: OverviewView },
};
