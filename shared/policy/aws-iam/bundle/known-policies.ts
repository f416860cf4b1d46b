import type { JsonObject } from '../../../domain/json.ts';

const everything: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/**
 * Policies of AWS whose whole content is that they allow everything; exports often name them without their text (AWS
 * Managed Policy Reference, "AdministratorAccess"; AWS Organizations User Guide, "SCP evaluation", "RCP evaluation").
 */
export const fullAccessPolicies: Readonly<Record<string, JsonObject>> = {
  FullAWSAccess: everything,
  RCPFullAWSAccess: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  },
};

export const administratorAccess = {
  arnEnd: ':iam::aws:policy/AdministratorAccess',
  document: everything,
} as const;
