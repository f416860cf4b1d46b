import { z } from 'zod';
import { endpointUrl } from '../../../endpoint.ts';

const policyId = z.union([z.string().regex(/^p-[\w]{8,128}$/, 'is no id of a policy (p-…)'), z.literal('')]);

/** The management or delegated account of an organization, and its IAM Identity Center. */
export const organizationConfig = z
  .strictObject({
    accessKeyId: z
      .string()
      .regex(/^A[A-Z0-9]{15,127}$/, 'is no access key id')
      .describe('access key id of the responder in the management or delegated account'),
    region: z
      .string()
      .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'is no region')
      .default('us-east-1')
      .describe('region of IAM Identity Center'),
    instanceArn: z
      .string()
      .regex(/^arn:[\w-]+:sso:::instance\/[\w-]+$/, 'is no ARN of an instance')
      .describe('ARN of the Identity Center instance'),
    identityStoreId: z
      .string()
      .regex(/^d-[\da-f]{10}$/, 'is no id of an identity store (d-…)')
      .describe('id of its identity store, d-…'),
    userPolicy: policyId
      .default('')
      .describe('prepared policy (p-…) that denies everything to the users whose ids it names'),
    accountPolicy: policyId
      .default('')
      .describe('prepared policy (p-…) that denies everything in an account but to the responder’s role'),
    organizationsEndpoint: endpointUrl('https')
      .default('https://organizations.us-east-1.amazonaws.com')
      .describe('address of Organizations, where it is not AWS’s own'),
    stsEndpoint: endpointUrl('https')
      .default('https://sts.amazonaws.com')
      .describe('address of STS, where it is not AWS’s own'),
    ssoEndpoint: z
      .union([endpointUrl('https'), z.literal('')])
      .default('')
      .describe('address of Identity Center, where it is not AWS’s own'),
    identityStoreEndpoint: z
      .union([endpointUrl('https'), z.literal('')])
      .default('')
      .describe('address of the identity store, where it is not AWS’s own'),
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
