import { z } from 'zod';
import { endpointUrl } from '../../../endpoint.ts';

const policyId = z.union([z.string().regex(/^p-[\w]{8,128}$/, 'is no id of a policy (p-…)'), z.literal('')]);

/** The management or delegated account of an organization, and its IAM Identity Center. */
export const organizationConfig = z
  .strictObject({
    accessKeyId: z.string().regex(/^A[A-Z0-9]{15,127}$/, 'is no access key id'),
    /** Region of IAM Identity Center. */
    region: z
      .string()
      .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'is no region')
      .default('us-east-1'),
    /** ARN of the Identity Center instance. */
    instanceArn: z.string().regex(/^arn:[\w-]+:sso:::instance\/[\w-]+$/, 'is no ARN of an instance'),
    identityStoreId: z.string().regex(/^d-[\da-f]{10}$/, 'is no id of an identity store (d-…)'),
    /** Prepared policy that denies everything to the users whose ids it names; empty where there is none. */
    userPolicy: policyId.default(''),
    /** Prepared policy that denies everything in an account, except to the responder's role; empty for none. */
    accountPolicy: policyId.default(''),
    organizationsEndpoint: endpointUrl('https').default('https://organizations.us-east-1.amazonaws.com'),
    stsEndpoint: endpointUrl('https').default('https://sts.amazonaws.com'),
    /** Of the region, where it is not AWS's own. */
    ssoEndpoint: z.union([endpointUrl('https'), z.literal('')]).default(''),
    identityStoreEndpoint: z.union([endpointUrl('https'), z.literal('')]).default(''),
  })
  .transform((given) => ({
    ...given,
    ssoEndpoint: given.ssoEndpoint === '' ? `https://sso.${given.region}.amazonaws.com` : given.ssoEndpoint,
    identityStoreEndpoint:
      given.identityStoreEndpoint === ''
        ? `https://identitystore.${given.region}.amazonaws.com`
        : given.identityStoreEndpoint,
  }));
export type OrganizationConfig = z.output<typeof organizationConfig>;
