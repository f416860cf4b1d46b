import type { Feature } from '../../state/feature.ts';
import { FindingDetail } from './finding-detail.tsx';
import { FindingsPanel } from './findings-panel.tsx';
import { FindingsView } from './findings-view.tsx';

export const findings: Feature = {
  view: { id: 'findings', title: 'Findings', icon: 'findings', keys: 'g f', component: FindingsView },
  details: { finding: { title: 'Finding', component: FindingDetail } },
  overview: [FindingsPanel],
};
