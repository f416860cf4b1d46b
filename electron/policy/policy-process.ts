import { hostPort } from '#electron/platform/child-side.ts';
import { serveService } from '#electron/platform/rpc.ts';
import { createPolicyService } from './policy-service.ts';

/** Entry of the policy process. It reads hostile bundles; it has no SQL, no network and no secrets. */
serveService(hostPort(), createPolicyService());
