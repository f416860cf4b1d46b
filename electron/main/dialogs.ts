import { type BrowserWindow, type OpenDialogOptions, dialog } from 'electron';
import type { PickPurpose } from '#electron/router/host.ts';

const options: Readonly<Record<PickPurpose, OpenDialogOptions>> = {
  evidence: {
    title: 'Import logs',
    buttonLabel: 'Import',
    // Only macOS can offer files and folders in one dialog; elsewhere folders come by drop or `rescind ingest`.
    properties:
      process.platform === 'darwin'
        ? ['openFile', 'openDirectory', 'multiSelections']
        : ['openFile', 'multiSelections'],
  },
  'open-case': { title: 'Open a case', buttonLabel: 'Open', properties: ['openDirectory'] },
  'create-case': {
    title: 'Folder for the new case',
    buttonLabel: 'Use this folder',
    properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
  },
};

/** Paths that the analyst chose in the system's dialog; empty when it was left. */
export async function pickPaths(window: BrowserWindow, purpose: PickPurpose): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options[purpose]);
  return canceled ? [] : filePaths;
}

/** Asks before an import is interrupted. */
export async function confirmQuit(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'An import is running. End Rescind now?',
    detail: 'What has been read so far is kept. The same import continues where it stopped.',
    buttons: ['End now', 'Keep running'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

/** Shows an address in full before it is opened in the system's browser. */
export async function confirmAddress(window: BrowserWindow, address: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Open this address in the browser?',
    detail: address,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
