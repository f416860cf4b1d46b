import { useState } from 'react';
import type { Identity } from '#shared/domain/identity.ts';
import { useCase } from '../../../state/context.ts';
import { MenuButton } from '../../../ui/menu-button.tsx';
import { type IdentityDecision, IdentityDialog, decisionTitles } from './identity-dialogs.tsx';

const always: readonly IdentityDecision[] = ['rename', 'owner', 'kind', 'standing'];

/** What can be decided of an identity, each with a reason. Nothing where the host is read-only. */
export function DecideMenu({ identity }: { readonly identity: Identity | undefined }) {
  const [decision, setDecision] = useState<IdentityDecision | null>(null);
  const readOnly = useCase((state) => state.info?.readOnly === true);
  if (identity === undefined || identity.appearances.length === 0 || readOnly) return null;
  const possible: readonly IdentityDecision[] =
    identity.appearances.length > 1 ? [...always, 'split'] : always;
  return (
    <>
      <MenuButton
        label="Decide"
        items={possible.map((each) => ({ label: decisionTitles[each], run: () => setDecision(each) }))}
      >
        Decide
      </MenuButton>
      {decision === null ? null : (
        <IdentityDialog decision={decision} identity={identity} onClose={() => setDecision(null)} />
      )}
    </>
  );
}
