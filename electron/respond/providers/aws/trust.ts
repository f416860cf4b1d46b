import {
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
} from '@aws-sdk/client-iam';
import type { CallContext, FoundTarget, Permission } from '../../provider.ts';
import { type AwsClients, isAbsent, readError } from './clients.ts';

export const trustPermissions: readonly Permission[] = [
  {
    name: 'iam:ListOpenIDConnectProviders',
    neededFor: 'read',
    why: 'to find OIDC identity providers that were made meanwhile',
  },
  {
    name: 'iam:GetOpenIDConnectProvider',
    neededFor: 'read',
    why: 'to know when an OIDC identity provider was made',
  },
  {
    name: 'iam:ListSAMLProviders',
    neededFor: 'read',
    why: 'to find SAML identity providers that were made meanwhile',
  },
];

/**
 * OIDC and SAML identity providers that were made since: whoever runs one mints sessions of every role that trusts it.
 * Neither list comes in pages, and that of OIDC gives ARNs alone (IAM API Reference).
 */
export async function trustCreatedSince(
  clients: AwsClients,
  since: number,
  { signal }: CallContext,
): Promise<FoundTarget[]> {
  const { iam } = clients;
  const options = { abortSignal: signal };
  try {
    const { SAMLProviderList: saml = [] } = await iam.send(new ListSAMLProvidersCommand({}), options);
    const found = saml.map(({ Arn: arn = '', CreateDate: made }) => trustTarget('saml-provider', arn, made));
    const { OpenIDConnectProviderList: oidc = [] } = await iam.send(
      new ListOpenIDConnectProvidersCommand({}),
      options,
    );
    for (const { Arn: arn = '' } of oidc) {
      found.push(trustTarget('oidc-provider', arn, await oidcCreated(clients, arn, options)));
    }
    return found.filter(({ createdAt }) => createdAt !== null && Date.parse(createdAt) >= since);
  } catch (thrown) {
    throw readError(thrown);
  }
}

/** Undefined for one that was deleted in between. */
async function oidcCreated(
  { iam }: AwsClients,
  arn: string,
  options: { readonly abortSignal: AbortSignal },
): Promise<Date | undefined> {
  try {
    const command = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
    return (await iam.send(command, options)).CreateDate;
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  }
}

function trustTarget(
  kind: 'oidc-provider' | 'saml-provider',
  arn: string,
  made: Date | undefined,
): FoundTarget {
  return {
    kind,
    id: arn,
    name: arn.slice(arn.indexOf('/') + 1),
    parent: null,
    createdAt: made?.toISOString() ?? null,
    managedBy: null,
    attributes: {},
  };
}
