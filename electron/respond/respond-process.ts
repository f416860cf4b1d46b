import { hostPort } from '#electron/platform/child-side.ts';
import type { SecretService } from '#electron/platform/respond-service.ts';
import { createCaller, serveService } from '#electron/platform/rpc.ts';
import { providerTypes } from './providers/index.ts';
import { createRespondService } from './service/respond-service.ts';

/**
 * Entry of the respond process. The host is served on the port on which it serves secrets in turn. Nothing that a
 * provider says is logged from here: what matters is in the journal.
 */
const port = hostPort();
const secrets = createCaller<SecretService>(port);
serveService(port, createRespondService(secrets, providerTypes, { write: () => undefined }));
