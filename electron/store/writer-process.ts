import { hostPort, peerPort } from '#electron/platform/child-side.ts';
import { serveService } from '#electron/platform/rpc.ts';
import { createWriterService } from './write/writer-service.ts';

/** Entry of the store writer: the only process that changes a case. The host and ingest are served alike. */
const writer = createWriterService();
serveService(hostPort(), writer);
serveService(await peerPort('ingest'), writer);
