import { useCallback } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { Button } from '../../ui/button.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';

interface TakeFileButtonProps {
  readonly of: 'roster' | 'order';
  readonly label: string;
  readonly disabled: boolean;
  /** Gets the one-use handle of the file. */
  readonly onTake: (token: string) => void;
}

/** Chooses a file and hands it over at once. */
export function TakeFileButton({ of, label, disabled, onTake }: TakeFileButtonProps) {
  const { pick, picker } = useFilePicker(
    of,
    useCallback(
      (tokens: readonly FileToken[]) => {
        if (tokens[0] !== undefined) onTake(tokens[0].token);
      },
      [onTake],
    ),
  );
  return (
    <>
      <Button icon="file" disabled={disabled} onClick={pick}>
        {label}
      </Button>
      {picker}
    </>
  );
}
