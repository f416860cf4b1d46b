import { expect, test } from 'vitest';
import { IdleWatch } from '#electron/headless/loopback/idle.ts';
import { safeName } from '#electron/headless/loopback/uploads.ts';

test.each([
  ['../../etc/passwd', 'etc/passwd'],
  ['/etc/passwd', 'etc/passwd'],
  ['C:\\logs\\a.json', 'C_/logs/a.json'],
  ['a\0b.json', 'a_b.json'],
  ['', 'unnamed'],
  ['..', 'unnamed'],
])('an upload called %j cannot leave the folder of uploads', (given, kept) => {
  expect(safeName(given)).toBe(kept);
});

test('a host that nobody uses ends; one with an open page does not', async () => {
  const watch = new IdleWatch(0.0005);
  await watch.idle;
  const used = new IdleWatch(0.0005);
  used.begin();
  const later = new IdleWatch(0.002);
  expect(await Promise.race([used.idle.then(() => 'used'), later.idle.then(() => 'later')])).toBe('later');
  used.end();
  await used.idle;
});
