import type { Feature } from '../../state/feature.ts';
import { EvidenceView } from './evidence-view.tsx';
import { FileDetail } from './file-detail.tsx';
import { ImportProvider } from './import-provider.tsx';

export const evidence: Feature = {
  view: { id: 'evidence', title: 'Evidence', icon: 'evidence', keys: 'g v', component: EvidenceView },
  details: { file: { title: 'Evidence file', component: FileDetail } },
  provider: ImportProvider,
};
