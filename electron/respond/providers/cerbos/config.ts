import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

export const cerbosConfig = z.strictObject({
  url: endpointUrl('https').describe('the PDP with its Admin API'),
  adminUser: z.string().min(1).max(200).default('cerbos').describe('user of the Admin API'),
  versions: z
    .string()
    .max(1_000)
    .default('default')
    .describe('policy versions that requests use, comma-separated: a deny is needed in each'),
  scopes: z
    .string()
    .max(1_000)
    .regex(/^[\w.,\s-]*$/)
    .default('')
    .describe(
      'scopes of principals that requests use, comma-separated: a deny without a scope is not found by them',
    ),
  probe: z
    .string()
    .max(500)
    .default('rescind_probe:access')
    .describe('a kind of resource and an action for the check that the deny bites, as kind:action'),
});
export type CerbosConfig = z.output<typeof cerbosConfig>;
