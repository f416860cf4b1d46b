import type { DirectoryFormat, DirectoryName } from '../domain/directory.ts';
import { awsAuthorizationDetails } from './aws-authorization-details/index.ts';
import { awsCredentialReport } from './aws-credential-report/index.ts';
import { directoryCsv } from './directory-csv/index.ts';
import { entra } from './entra/index.ts';
import { github } from './github/index.ts';
import { googleWorkspace } from './google-workspace/index.ts';
import { kubernetesServiceAccounts } from './kubernetes-service-accounts/index.ts';
import { ldif } from './ldif/index.ts';
import { oktaUsers } from './okta-users/index.ts';
import { scim } from './scim/index.ts';

/** Every directory export that is known. A new one is a folder here and a line in this list. */
export const directories: readonly DirectoryFormat[] = [
  awsCredentialReport,
  awsAuthorizationDetails,
  oktaUsers,
  entra,
  googleWorkspace,
  github,
  kubernetesServiceAccounts,
  ldif,
  scim,
  directoryCsv,
];

/** The directory export of that name, or undefined. */
export function directoryByName(name: DirectoryName): DirectoryFormat | undefined {
  return directories.find((directory) => directory.name === name);
}
