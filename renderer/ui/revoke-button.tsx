import { useMemo, useRef } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { useCommands } from '../state/context.ts';
import type { RevokeTarget } from '../state/feature.ts';
import { useRevoke } from '../state/use-revoke.ts';
import { Button } from './button.tsx';
import { escapedText } from './log-text.ts';
import { MenuButton } from './menu-button.tsx';
import { shortened } from './values.tsx';

/**
 * Leads to taking away what is shown, also by the key `r`: of several things the first, and a menu beside it has the
 * others. Nothing happens to anybody by it: a plan is made, seen and approved first.
 */
export function RevokeButton({ targets }: { readonly targets: readonly RevokeTarget[] }) {
  const revoke = useRevoke();
  const place = useRef<HTMLSpanElement>(null);
  const possible = revoke !== null && targets.length > 0;
  useCommands(
    useMemo(
      () =>
        possible
          ? [
              {
                id: 'revoke.shown',
                title: 'Revoke what is shown …',
                group: 'Respond',
                keys: ['r'],
                run: () => place.current?.querySelector('button')?.click(),
              },
            ]
          : [],
      [possible],
    ),
  );
  const [first] = targets;
  if (!possible || first === undefined) return null;
  return (
    <span ref={place} className="revoke">
      <Button look="danger" icon="respond" title={labelOf(first)} onClick={() => revoke([first])}>
        Revoke …
      </Button>
      {targets.length === 1 ? null : (
        <MenuButton
          label="Revoke"
          className="danger"
          items={[
            ...targets.map((target) => ({ label: labelOf(target), run: () => revoke([target]) })),
            { label: 'All of these', separated: true, run: () => revoke(targets) },
          ]}
        >
          <span className="visually-hidden">Choose what to revoke</span>
        </MenuButton>
      )}
    </span>
  );
}

function labelOf({ kind, id }: RevokeTarget): string {
  return `${kind} ${escapedText(shortened(shortResource(id), 44))}`;
}
