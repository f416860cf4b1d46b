import * as fc from 'fast-check';

/**
 * In CI the property tests try the same cases in every run, so that a change stands or falls by itself; everywhere
 * else each run tries new ones. What a run finds becomes a case of its own.
 */
if (process.env['CI'] !== undefined) fc.configureGlobal({ seed: 20_260_501 });
