import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A stand-in for Electron's unpacked distribution for Linux, for electron-builder to package without its download:
 * the program is the fuse wire alone (Electron, docs/tutorial/fuses.md: sentinel, version, length, one byte a fuse),
 * with every fuse as Electron ships it or the other way round.
 */
export function makeElectronDistribution(folder: string, fuses = '000000000'): void {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  const wire = Buffer.concat([
    Buffer.from('\u007FELF stand-in dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, fuses.length]),
    Buffer.from(fuses),
  ]);
  writeFileSync(join(folder, 'electron'), wire, { mode: 0o755 });
  for (const name of ['chrome-sandbox', 'LICENSE']) writeFileSync(join(folder, name), '');
}
