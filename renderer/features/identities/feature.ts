import { lazy } from 'react';
import type { Feature } from '../../state/feature.ts';
import { CredentialDetail } from './detail/credential-detail.tsx';
import { IdentityDetail } from './detail/identity-detail.tsx';

const IdentitiesView = lazy(() =>
  import('./identities-view.tsx').then((module) => ({ default: module.IdentitiesView })),
);

export const identities: Feature = {
  view: { id: 'identities', title: 'Identities', icon: 'identities', keys: 'g i', component: IdentitiesView },
  details: {
    identity: { title: 'Identity', component: IdentityDetail },
    credential: { title: 'Credential', component: CredentialDetail },
  },
  opens: ({ field, value }) => {
    if (field === 'subject.id' || field === 'actor.id') {
      return { view: 'identities', selected: { kind: 'identity', id: value } };
    }
    if (field === 'credential.id') return { view: 'identities', selected: { kind: 'credential', id: value } };
    return null;
  },
};
