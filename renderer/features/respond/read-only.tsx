import { useCase } from '../../state/context.ts';
import { Icon } from '../../ui/icon.tsx';

/** Whether this host changes nothing. The host refuses by itself; the console says it beforehand. */
export function useReadOnly(): boolean {
  return useCase((state) => state.info?.readOnly === true);
}

export function ReadOnlyNote() {
  if (!useReadOnly()) return null;
  return (
    <p className="respond-note warning">
      <Icon name="warning" /> This host is read-only: plans and runs can be looked at, and nothing can be
      changed or executed.
    </p>
  );
}
