import type { UsageState } from '#shared/domain/usage.ts';

export const usageWords: Readonly<Record<UsageState, string>> = {
  used: 'used',
  'not-used': 'not used',
  'cannot-know': 'cannot know',
};
