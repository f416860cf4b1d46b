import type { ReactNode } from 'react';
import { useConsole } from '../state/context.ts';
import { Button } from './button.tsx';
import { EmptyState } from './states.tsx';

/** Stands where a view needs events and the case has none; `children`: what they would show there. */
export function NoEvents({ children }: { readonly children: ReactNode }) {
  const { commands } = useConsole();
  return (
    <EmptyState
      title="This case has no events yet"
      actions={
        <Button look="primary" onClick={() => commands.getState().run('evidence.import')}>
          Import logs
        </Button>
      }
    >
      {children}
    </EmptyState>
  );
}
