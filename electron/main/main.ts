import { app } from 'electron';
import { runCommandLine } from './command-line.ts';
import { startDesktop } from './desktop.ts';
import { isCommandLine } from './launch-arguments.ts';

/** Entry of the program under Electron: the desktop application, or one command of the command line. */
app.enableSandbox();

const words = process.argv.slice(app.isPackaged ? 1 : 2);
if (isCommandLine(words)) runCommandLine(words);
else startDesktop(words);
