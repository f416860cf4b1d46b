import { Menu, type MenuItemConstructorOptions, app } from 'electron';

/** The application's menu. Everything that touches a case is a command of the console's palette, run by `run`. */
export function installMenu(run: (name: string) => void): void {
  const command = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => run(name),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const mac: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      {
        label: 'Case',
        submenu: [
          command('New case …', 'case.create', 'CmdOrCtrl+N'),
          command('Open case …', 'case.open', 'CmdOrCtrl+O'),
          command('Open the sample case', 'case.sample'),
          command('Import logs …', 'evidence.import', 'CmdOrCtrl+I'),
          command('Verify the evidence', 'evidence.verify'),
          command('Close case', 'case.close'),
          { type: 'separator' },
          { role: process.platform === 'darwin' ? 'close' : 'quit' },
        ],
      },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          command('Overview', 'view.overview', 'CmdOrCtrl+1'),
          command('Events', 'view.events', 'CmdOrCtrl+2'),
          command('Traces', 'view.traces', 'CmdOrCtrl+3'),
          command('Identities', 'view.identities', 'CmdOrCtrl+4'),
          command('Drift', 'view.drift', 'CmdOrCtrl+5'),
          command('Findings', 'view.findings', 'CmdOrCtrl+6'),
          command('Ownership', 'view.ownership', 'CmdOrCtrl+7'),
          command('Respond', 'view.respond', 'CmdOrCtrl+8'),
          command('Evidence', 'view.evidence', 'CmdOrCtrl+9'),
          { type: 'separator' },
          command('Switch theme', 'theme.toggle'),
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { role: 'togglefullscreen' },
          ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions]),
        ],
      },
      { role: 'windowMenu' },
      {
        label: 'Help',
        submenu: [command('Keyboard shortcuts', 'keys.show'), command('All commands …', 'palette.open')],
      },
    ]),
  );
}
