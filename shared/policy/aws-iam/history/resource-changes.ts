import { type JsonObject, textAt } from '../../../domain/json.ts';
import type { PolicyEffect } from '../../../domain/policy-change.ts';
import { documentEffect } from './document-effect.ts';
import { resourceName } from './names.ts';

/** Calls that write or delete the policy of a resource, with the parameter that names it and the document's. */
const calls: Readonly<
  Record<string, { arn: (parameters: JsonObject) => string | null; document: string | null }>
> = {
  's3.amazonaws.com PutBucketPolicy': { arn: bucketArn, document: 'bucketPolicy' },
  's3.amazonaws.com DeleteBucketPolicy': { arn: bucketArn, document: null },
  'kms.amazonaws.com PutKeyPolicy': { arn: keyArn, document: 'policy' },
  'secretsmanager.amazonaws.com PutResourcePolicy': { arn: secretArn, document: 'resourcePolicy' },
  'secretsmanager.amazonaws.com DeleteResourcePolicy': { arn: secretArn, document: null },
};

function bucketArn(parameters: JsonObject): string | null {
  const bucket = textAt(parameters, 'bucketName');
  return bucket === null ? null : `arn:aws:s3:::${bucket}`;
}

/** A key's policy is written under its id or its ARN; an id alone does not tell the region here. */
function keyArn(parameters: JsonObject): string | null {
  const key = textAt(parameters, 'keyId');
  return key?.startsWith('arn:') === true ? key : null;
}

function secretArn(parameters: JsonObject): string | null {
  const secret = textAt(parameters, 'secretId');
  return secret?.startsWith('arn:') === true ? secret : null;
}

/** What a call changed of the policies of resources; null where it changed none. */
export function resourceEffects(
  source: string | null,
  operation: string,
  account: string,
  parameters: JsonObject | undefined,
): readonly PolicyEffect[] | null {
  const name = `${source ?? ''} ${operation}`;
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
  const arn = call === undefined || parameters === undefined ? null : call.arn(parameters);
  if (call === undefined || parameters === undefined || arn === null) return null;
  const element = resourceName(account, arn);
  return [
    call.document === null ? { kind: 'drop', element } : documentEffect(element, parameters[call.document]),
  ];
}
