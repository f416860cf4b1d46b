import { lazy } from 'react';
import type { FieldName } from '#shared/domain/dimensions.ts';
import type { Console } from '../../state/console.ts';
import type { Feature, RevokeTarget } from '../../state/feature.ts';
import { draftOf } from './draft.ts';
import { RespondMark } from './respond-mark.tsx';

const RespondView = lazy(() =>
  import('./respond-view.tsx').then((module) => ({ default: module.RespondView })),
);

/** What can be taken away, by the field that names it. */
const kinds: Partial<Record<FieldName, 'identity' | 'credential' | 'session'>> = {
  'subject.id': 'identity',
  'subject.name': 'identity',
  'actor.id': 'identity',
  'actor.name': 'identity',
  'credential.id': 'credential',
  'session.id': 'session',
};

/** Into the plan builder with these filled in. The selection stays: “back” leads to where it was. */
function revoke(targets: readonly RevokeTarget[], console: Console): void {
  draftOf(console).getState().begin(targets);
  console.address.getState().go({ view: 'respond', tab: null, selected: null });
}

export const respond: Feature = {
  view: {
    id: 'respond',
    title: 'Respond',
    icon: 'respond',
    keys: 'g r',
    component: RespondView,
    mark: RespondMark,
  },
  revoke,
  entityMenu: ({ field, value }, console) => {
    const kind = kinds[field];
    if (kind === undefined) return [];
    const add = (): void => draftOf(console).getState().add({ kind, id: value });
    return [
      { label: 'Add to plan', separated: true, run: add },
      {
        label: 'Revoke …',
        run: () => revoke([{ kind, id: value }], console),
      },
    ];
  },
  commands: ({ address }) => [
    {
      id: 'respond.plan',
      title: 'Plan a revocation',
      group: 'Respond',
      run: () => address.getState().go({ view: 'respond', tab: null }),
    },
    {
      id: 'respond.providers',
      title: 'Set up providers',
      group: 'Respond',
      run: () => address.getState().go({ view: 'respond', tab: 'providers' }),
    },
    {
      id: 'respond.people',
      title: 'Who may approve',
      group: 'Respond',
      run: () => address.getState().go({ view: 'respond', tab: 'people' }),
    },
    {
      id: 'respond.receipts',
      title: 'Check a receipt',
      group: 'Respond',
      run: () => address.getState().go({ view: 'respond', tab: 'receipts' }),
    },
  ],
};
