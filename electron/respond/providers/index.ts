import type { ProviderLoaders } from '../registry/registry.ts';

/**
 * Every provider type, by its name. A new one is a folder here and a line in this list. Each is loaded when it is first
 * needed: an SDK must not slow down what has nothing to do with it.
 */
export const providerTypes: ProviderLoaders = {
  aws: async () => (await import('./aws/index.ts')).aws,
  'aws-organization': async () => (await import('./aws/organization/index.ts')).awsOrganization,
  caep: async () => (await import('./caep/index.ts')).caep,
  cerbos: async () => (await import('./cerbos/index.ts')).cerbos,
  entra: async () => (await import('./entra/index.ts')).entra,
  github: async () => (await import('./github/index.ts')).github,
  'google-cloud': async () => (await import('./google/cloud/index.ts')).cloud,
  'google-workspace': async () => (await import('./google/workspace/index.ts')).workspace,
  keycloak: async () => (await import('./keycloak/index.ts')).keycloak,
  kubernetes: async () => (await import('./kubernetes/index.ts')).kubernetes,
  ldap: async () => (await import('./ldap/index.ts')).ldap,
  oauth: async () => (await import('./oauth/index.ts')).oauth2,
  okta: async () => (await import('./okta/index.ts')).okta,
  opa: async () => (await import('./opa/index.ts')).opa,
  postgresql: async () => (await import('./postgresql/index.ts')).postgresql,
  scim: async () => (await import('./scim/index.ts')).scim,
  vault: async () => (await import('./vault/index.ts')).vault,
  webhook: async () => (await import('./webhook/index.ts')).webhook,
};
