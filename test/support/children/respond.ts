import { hostPort } from '#electron/platform/child-side.ts';
import type { SecretService } from '#electron/platform/respond-service.ts';
import { createCaller, serveService } from '#electron/platform/rpc.ts';
import { defaultLimits } from '#electron/respond/run/context.ts';
import { createRespondService } from '#electron/respond/service/respond-service.ts';
import { fakeType } from '#test/support/respond/fake/provider.ts';

// The real respond process with one provider type: the test world's.
const port = hostPort();
serveService(
  port,
  createRespondService(
    createCaller<SecretService>(port),
    { fake: () => fakeType() },
    { write: () => undefined },
    {
      limits: { ...defaultLimits, settleMs: 2_000 },
    },
  ),
);
