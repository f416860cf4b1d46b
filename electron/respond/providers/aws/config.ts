import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

/** One account, and the authority above it where quarantine by service control policy is prepared. */
export const awsConfig = z.strictObject({
  accessKeyId: z
    .string()
    .regex(/^A[A-Z0-9]{15,127}$/, 'is no access key id')
    .describe('access key id of the responder'),
  region: z.string().min(4).max(40).default('us-east-1').describe('region that requests are signed for'),
  iamEndpoint: endpointUrl('https')
    .default('https://iam.amazonaws.com')
    .describe('address of IAM, where it is not AWS’s own'),
  stsEndpoint: endpointUrl('https')
    .default('https://sts.amazonaws.com')
    .describe('address of STS, where it is not AWS’s own'),
});
export type AwsConfig = z.output<typeof awsConfig>;
