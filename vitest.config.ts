import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Tests start real child processes and browsers; more workers than cores only makes them time out.
    maxWorkers: 2,
    expect: { poll: { timeout: 15_000 } },
    reporters: ['default'],
  },
});
