import { Menu, type MenuItemConstructorOptions, app } from 'electron';

export interface MenuActions {
  /** Runs a command of the console's palette. */
  readonly command: (name: string) => void;
  readonly openDocumentation: () => void;
}

const documentation = 'https://github.com/rescind-app/rescind';

/** The application's menu. Everything that touches a case is a command of the palette, so both ways do the same. */
export function installMenu(actions: MenuActions): void {
  const command = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => actions.command(name),
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
          command('Import logs …', 'evidence.import', 'CmdOrCtrl+I'),
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
          command('Evidence', 'view.evidence', 'CmdOrCtrl+3'),
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
      { label: 'Help', submenu: [{ label: 'Documentation', click: actions.openDocumentation }] },
    ]),
  );
}

export { documentation };
