import { hostPort, peerPort } from '#electron/platform/child-side.ts';
import { createCaller, serveService } from '#electron/platform/rpc.ts';
import type { WriterService } from '#electron/platform/services.ts';
import { createIngestService } from './ingest-service.ts';

/** Entry of the ingest process. It parses what is hostile; it has no SQL, no network and no secrets. */
const writer = createCaller<WriterService>(await peerPort('writer'));
serveService(hostPort(), createIngestService(writer));
