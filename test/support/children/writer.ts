import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPort, peerPort } from '#electron/platform/child-side.ts';
import { serveService } from '#electron/platform/rpc.ts';

// A writer that leaves marks of what it was asked to do.
let folder = '';
const service = {
  create: (input: { folder: string; name: string }) => {
    ({ folder } = input);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'case.json'), JSON.stringify({ name: input.name }));
    return {};
  },
  open: (input: { folder: string }) => {
    ({ folder } = input);
    rmSync(join(folder, 'old'), { force: true });
    return {};
  },
  writeBatch: () => {
    writeFileSync(join(folder, 'imported'), '');
    return {};
  },
  close: () => {
    // One that was never given a case has nothing to close.
    if (folder !== '') writeFileSync(join(folder, 'closed'), '');
    return null;
  },
};
serveService(hostPort(), service);
serveService(await peerPort('ingest'), service);
