import { hostPort } from '#electron/platform/child-side.ts';
import { serveService } from '#electron/platform/rpc.ts';
import { formatByName } from '#shared/formats/index.ts';
import { createReaderService } from './read/reader-service.ts';
import { urgencyOf } from './read/urgency.ts';

/** Entry of the store reader: answers questions about a case, changes nothing, and may be ended at any moment. */
serveService(hostPort(), createReaderService(formatByName), urgencyOf);
