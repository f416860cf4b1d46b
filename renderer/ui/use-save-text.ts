import { useCallback } from 'react';
import { useCase, useConsole } from '../state/context.ts';

/** Saves a text as a file: in the system's dialog where there is one, else as a download of the browser. */
export function useSaveText(): (name: string, text: string) => Promise<boolean> {
  const save = useSave();
  return useCallback(
    (name, text) => save({ name, text }, () => new Blob([text], { type: 'text/plain' })),
    [save],
  );
}

/** The same for bytes, given in base64. */
export function useSaveBytes(): (name: string, base64: string) => Promise<boolean> {
  const save = useSave();
  return useCallback(
    (name, base64) =>
      save({ name, base64 }, () => new Blob([bytesOf(base64)], { type: 'application/octet-stream' })),
    [save],
  );
}

type Content =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly base64: string };

/** Resolves to whether the file was saved, or handed to the browser; a failure is told here. */
function useSave(): (content: Content, blob: () => Blob) => Promise<boolean> {
  const { bridge, notices } = useConsole();
  const native = useCase((state) => state.info?.nativeDialogs === true);
  return useCallback(
    async (content, blob) => {
      const tell = (tone: 'info' | 'danger', text: string): void => notices.getState().show({ tone, text });
      if (!native) {
        download(content.name, blob());
        tell('info', `${content.name} is among the browser’s downloads.`);
        return true;
      }
      const result = await bridge.request('files.save', content);
      if (!result.ok) tell('danger', result.error.message);
      else if (result.value.saved) tell('info', `${content.name} was saved.`);
      return result.ok && result.value.saved;
    },
    [bridge, native, notices],
  );
}

/** Only for browsers: the desktop's window takes no downloads. */
function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
