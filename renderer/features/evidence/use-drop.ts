import { useEffect, useState } from 'react';
import { droppedFiles } from '../../bridge/dropped-files.ts';
import { useCase, useConsole } from '../../state/context.ts';

/** Whether files are held over the window; hands them on when they fall. `onFiles` must be stable. */
export function useDrop(onFiles: (files: readonly File[]) => void): boolean {
  const { notices } = useConsole();
  const hostKnowsPaths = useCase((state) => state.info?.host === 'electron');
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      // Leaving the window has no other element to go to.
      if (event.relatedTarget === null) setOver(false);
    };
    const takeIn = async (transfer: DataTransfer): Promise<void> => {
      const { show } = notices.getState();
      try {
        const files = await droppedFiles(transfer, hostKnowsPaths);
        if (files.length > 0) onFiles(files);
        else show({ tone: 'danger', text: 'There is no file in what was dropped.' });
      } catch (thrown) {
        show({ tone: 'danger', text: `The drop could not be read: ${String(thrown)}` });
      }
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      void takeIn(event.dataTransfer);
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [onFiles, hostKnowsPaths, notices]);
  return over;
}
