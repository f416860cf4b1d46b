import { type JsonObject, textAt } from '../../../domain/json.ts';

/** A call to a service whose resources have policies. */
export interface ResourceCall {
  readonly account: string;
  readonly region: string;
  readonly parameters: JsonObject;
  readonly response: JsonObject | undefined;
  /** ARN of the resource that the record itself names. */
  readonly named: string | null;
}

/** The ARN of the resource that a call is about, or with a star at its end the beginning of it; null where it does not tell. */
export type ResourceArn = (call: ResourceCall) => string | null;

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function regional(service: string, region: string, account: string, resource: string): string | null {
  return region === '' ? null : `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** All resources of a service that a call may have been about. */
export function anyOf(service: string, { account, region }: ResourceCall): string {
  if (region === '') return 'arn:*';
  const place = service === 's3' ? '::' : `${region}:${account}:`;
  return `arn:${partitionOf(region)}:${service}:${place}*`;
}

/** A parameter that holds the whole ARN. */
export function given(key: string): ResourceArn {
  return ({ parameters }) => {
    const arn = textAt(parameters, key);
    return arn?.startsWith('arn:') === true ? arn : null;
  };
}

/** The versions of a layer, which have policies of their own. */
export const layerVersions: ResourceArn = ({ parameters, region, account }) => {
  const layer = textAt(parameters, 'layerName');
  if (layer === null) return null;
  return layer.startsWith('arn:') ? `${layer}:*` : regional('lambda', region, account, `layer:${layer}:*`);
};

export const bucketArn: ResourceArn = ({ parameters, region }) => {
  const bucket = textAt(parameters, 'bucketName');
  return bucket === null ? null : `arn:${partitionOf(region)}:s3:::${bucket}`;
};

const keyId = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A key's policy is written under its id or its ARN; an alias names a key that the call does not tell. */
export const keyArn: ResourceArn = ({ parameters, named, account, region }) => {
  const key = textAt(parameters, 'keyId');
  if (key?.startsWith('arn:') === true && key.includes(':key/')) return key;
  if (named?.includes(':key/') === true) return named;
  return key !== null && keyId.test(key) ? regional('kms', region, account, `key/${key}`) : null;
};

/** The secret's whole ARN where the answer or the record tells it. */
export const toldSecret: ResourceArn = ({ response, named }) => {
  const told = textAt(response, 'aRN') ?? textAt(response, 'arn') ?? named;
  return told?.includes(':secret:') === true ? told : null;
};

/**
 * A secret is named by its ARN, by its ARN without the hyphen and six characters that the service appends, or by its
 * name alone.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
 */
export const secretArn: ResourceArn = (call) => {
  const told = toldSecret(call);
  const secret = textAt(call.parameters, 'secretId');
  if (told !== null || secret === null || secret.startsWith('arn:')) return told ?? secret;
  return regional('secretsmanager', call.region, call.account, `secret:${secret}-*`);
};

/** `https://sqs.eu-west-1.amazonaws.com/111122223333/orders` */
export const queueArn: ResourceArn = ({ parameters, response, region }) => {
  const url = textAt(parameters, 'queueUrl') ?? textAt(response, 'queueUrl');
  const [, account, name] = /\/(\d{12})\/([^/]+)$/.exec(url ?? '') ?? [];
  return account === undefined || name === undefined ? null : regional('sqs', region, account, name);
};

/** A function's name, its ARN, or the account and the name; a version or alias has a policy of its own. */
export const functionArn: ResourceArn = ({ parameters, account, region }) => {
  const given = textAt(parameters, 'functionName');
  if (given === null) return null;
  const qualifier = textAt(parameters, 'qualifier');
  const [, owner, name] = /^(?:(\d{12}):(?:function:)?)?([^:]+(?::[^:]+)?)$/.exec(given) ?? [];
  const arn = given.startsWith('arn:')
    ? given
    : name === undefined
      ? null
      : regional('lambda', region, owner ?? account, `function:${name}`);
  return arn === null || qualifier === null || arn.endsWith(`:${qualifier}`) ? arn : `${arn}:${qualifier}`;
};

export const repositoryArn: ResourceArn = ({ parameters, account, region }) => {
  const name = textAt(parameters, 'repositoryName');
  const registry = textAt(parameters, 'registryId') ?? account;
  return name === null ? null : regional('ecr', region, registry, `repository/${name}`);
};
