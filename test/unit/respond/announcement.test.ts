import { expect, test } from 'vitest';
import { announcementOf } from '#shared/respond/announcement.ts';

const held = { run: 'run-1', round: '+30s', contained: true, drifted: 0, survivors: 0 };

test.each([
  [held, 'Still contained', 'run-1, +30s', true],
  [{ ...held, contained: null }, 'Not known to be contained', 'run-1, +30s', false],
  [{ ...held, contained: false, drifted: 1 }, 'No longer contained', 'run-1, +30s: 1 action drifted', false],
  // What was created meanwhile is no containment, whatever the actions say.
  [{ ...held, survivors: 2 }, 'Not known to be contained', 'run-1, +30s: 2 survivors', false],
])('%j', (found, title, body, good) => {
  expect(announcementOf(found)).toEqual({ title, body, good });
});
