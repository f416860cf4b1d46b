import { type BrowserWindow, type OpenDialogOptions, dialog } from 'electron';
import type { PickPurpose } from '#shared/ipc/pick-purposes.ts';

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
  bundle: {
    title: 'Add a policy bundle',
    buttonLabel: 'Choose',
    properties: process.platform === 'darwin' ? ['openFile', 'openDirectory'] : ['openFile'],
  },
  // Only macOS can offer both in one dialog.
  'bundle-folder': { title: 'Add a policy bundle', buttonLabel: 'Choose', properties: ['openDirectory'] },
  'policy-tests': { title: 'Open policy tests', buttonLabel: 'Open', properties: ['openFile'] },
  'open-case': { title: 'Open a case', buttonLabel: 'Open', properties: ['openDirectory'] },
  key: { title: 'Choose your key file', buttonLabel: 'Use', properties: ['openFile'] },
  receipt: { title: 'Choose a receipt', buttonLabel: 'Check', properties: ['openFile'] },
  roster: { title: 'Choose the file of a roster', buttonLabel: 'Use', properties: ['openFile'] },
  order: { title: 'Choose the file of a standing order', buttonLabel: 'Use', properties: ['openFile'] },
  ownership: { title: 'Import owners', buttonLabel: 'Import', properties: ['openFile'] },
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

/** Where a new file is to lie; null when the dialog was left. */
export async function pickTarget(window: BrowserWindow, name: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: name });
  return canceled || filePath === '' ? null : filePath;
}

/** What the end of the application would interrupt. */
export type Work = 'import' | 'response';

const interruptions: Readonly<Record<Work, { readonly message: string; readonly detail: string }>> = {
  import: {
    message: 'An import is running. End Rescind now?',
    detail: 'What has been read so far is kept. The same import continues where it stopped.',
  },
  response: {
    message: 'A plan is being carried out. End Rescind now?',
    detail:
      'The action under way is finished and recorded, the others are not begun. The run can be resumed afterwards.',
  },
};

/** Asks before work is interrupted. */
export async function confirmQuit(window: BrowserWindow, work: Work): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    ...interruptions[work],
    buttons: ['End now', 'Keep running'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

/** Asks whether secrets may be kept in memory, where the system has no store for them. */
export async function confirmMemory(window: BrowserWindow | null): Promise<boolean> {
  if (window === null) return false;
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'This system has no key store.',
    detail:
      'Secrets would lie readable on the disk, so they are not written. Keep them in memory until Rescind ends?',
    buttons: ['Keep in memory', 'Cancel'],
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
