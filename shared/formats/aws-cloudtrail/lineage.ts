import type { CredentialLineage, IssuedCredential } from '../../domain/format.ts';
import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '../../domain/json.ts';

/**
 * Calls that hand out credentials, and where their answer names them (AWS STS, IAM and IAM Roles Anywhere API
 * references). Secrets themselves are never in the log.
 */
export const lineage: CredentialLineage = {
  operations: [
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'AssumeRoot',
    'GetFederationToken',
    'GetSessionToken',
    'CreateSession',
    'CreateAccessKey',
    'CreateLoginProfile',
    'CreateServiceSpecificCredential',
    'ResetServiceSpecificCredential',
  ],
  issued(record) {
    const answer = objectAt(record, 'responseElements');
    return [...sessions(answer), ...keys(record, answer)];
  },
};

function sessions(answer: JsonObject | undefined): IssuedCredential[] {
  const sets = arrayAt(answer, 'credentialSet').filter(isObject);
  return [answer, ...sets].flatMap((holderOfSet): IssuedCredential[] => {
    const id = textAt(objectAt(holderOfSet, 'credentials'), 'accessKeyId');
    if (id === null) return [];
    const holder =
      textAt(objectAt(holderOfSet, 'assumedRoleUser'), 'arn') ??
      textAt(objectAt(holderOfSet, 'federatedUser'), 'arn') ??
      textAt(holderOfSet, 'roleArn');
    return [{ id, type: 'session', holder }];
  });
}

function keys(record: JsonObject, answer: JsonObject | undefined): IssuedCredential[] {
  const key = objectAt(answer, 'accessKey');
  const specific = objectAt(answer, 'serviceSpecificCredential');
  const profile = objectAt(answer, 'loginProfile');
  const found: IssuedCredential[] = [];
  const add = (id: string | null, type: string, holder: string | null): void => {
    if (id !== null) found.push({ id, type, holder });
  };
  add(textAt(key, 'accessKeyId'), 'access-key', textAt(key, 'userName'));
  add(
    textAt(specific, 'serviceSpecificCredentialId'),
    'service-specific-credential',
    textAt(specific, 'userName'),
  );
  const user = textAt(profile, 'userName') ?? textAt(objectAt(record, 'requestParameters'), 'userName');
  // A password has no id of its own: its events carry the user alone.
  if (profile !== undefined && user !== null) add(`password of ${user}`, 'password', user);
  return found;
}
