import { defineConfig } from 'vitest/config';

const isCi = process.env['CI'] !== undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Tests start real child processes and browsers; more workers than cores only makes them time out.
    maxWorkers: 2,
    expect: { poll: { timeout: 15_000 } },
    reporters: ['default'],
    setupFiles: ['test/support/property-seed.ts'],
    // A machine that is short of breath for a moment does not stop a change; the report names what passed late.
    retry: isCi ? 1 : 0,
  },
});
