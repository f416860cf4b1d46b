import { expect, test } from 'vitest';
import { noLog } from '#electron/platform/log.ts';
import { PolicyLink } from '#electron/router/policy-link.ts';
import { ReaderLink } from '#electron/router/reader-link.ts';

// A process that is started after the end keeps the program from ending.
test('what is asked after the end starts no process', async () => {
  const started: string[] = [];
  const launcher = {
    start: (name: string): never => {
      started.push(name);
      throw new Error('nothing may be started any more');
    },
  };
  const reader = new ReaderLink(launcher, '/nowhere', noLog);
  reader.close();
  expect(await reader.refresh()).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  const policy = new PolicyLink(launcher, noLog);
  policy.close();
  const asked = policy.call('agreement' as never, {} as never, {});
  await expect(asked).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  expect(started).toEqual([]);
});
