import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

/** One account, and the authority above it where quarantine by service control policy is prepared. */
export const awsConfig = z.strictObject({
  accessKeyId: z.string().regex(/^A[A-Z0-9]{15,127}$/, 'is no access key id'),
  region: z.string().min(4).max(40).default('us-east-1'),
  /** Addresses of the services, where they are not AWS's own. */
  iamEndpoint: endpointUrl('https').default('https://iam.amazonaws.com'),
  stsEndpoint: endpointUrl('https').default('https://sts.amazonaws.com'),
});
export type AwsConfig = z.output<typeof awsConfig>;
