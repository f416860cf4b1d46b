import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { PolicyEffect, ReadChange } from '../../../domain/policy-change.ts';
import { isAccountId, parseArn } from '../match/arn.ts';
import { documentEffect } from './document-effect.ts';
import { resourceName } from './names.ts';
import {
  anyOf,
  bucketArn,
  functionArn,
  given,
  keyArn,
  layerVersions,
  queueArn,
  type ResourceArn,
  type ResourceCall,
  repositoryArn,
  secretArn,
  toldSecret,
} from './resource-arns.ts';

/** Calls beside `Put…Policy` and `Delete…Policy` that change policies of resources, for the query of changes. */
export const resourceOperations =
  'SetQueueAttributes OR CreateQueue OR DeleteQueue OR SetTopicAttributes OR CreateTopic OR DeleteTopic OR ' +
  'AddPermission* OR RemovePermission* OR *LayerVersionPermission* OR SetRepositoryPolicy OR DeleteRepository OR ' +
  'CreateKey OR DeleteBucket OR DeleteFunction20150331';

type Effects = (element: string, call: ResourceCall) => readonly PolicyEffect[];

const writes =
  (key: string): Effects =>
  (element, { parameters }) => [documentEffect(element, parameters[key])];
const drops: Effects = (element) => [{ kind: 'drop', element }];
const loses =
  (why: string): Effects =>
  (element) => [{ kind: 'lose', element, why }];

/** An attribute among others; an empty text takes the policy of a queue away. */
const queueAttributes: Effects = (element, { parameters }) => {
  const holder = objectAt(parameters, 'attributes') ?? objectAt(parameters, 'attribute');
  const value = holder?.['Policy'] ?? holder?.['policy'];
  if (value === undefined) return [];
  return value === '' ? [{ kind: 'drop', element }] : [documentEffect(element, value)];
};

const topicAttribute: Effects = (element, { parameters }) =>
  textAt(parameters, 'attributeName') === 'Policy'
    ? [documentEffect(element, parameters['attributeValue'])]
    : [];

/**
 * A topic that is there already stays as it is; a new one has a policy that the service words.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 */
const topicMade: Effects = (element) => [{ kind: 'patch', element, form: 'merge', patch: {} }];

/** Adds a statement to those that are there; `nothing` is what a resource without a policy has. */
function added(element: string, statement: Json, nothing?: Json): readonly PolicyEffect[] {
  const read = documentEffect(element, { Statement: [statement] });
  const value = read.kind === 'set' && isObject(read.value) ? arrayAt(read.value, 'Statement')[0] : undefined;
  const patch = [{ op: 'add', path: '/Statement/-', value: value ?? statement }];
  return [{ kind: 'patch', element, form: 'json', patch, ...(nothing === undefined ? {} : { nothing }) }];
}

const nothing: Json = { Version: '2012-10-17', Statement: [] };

/** The answer of Lambda holds the statement that was added. */
const statementAdded: Effects = (element, { response }) => {
  const read = documentEffect(element, response?.['statement']);
  const why = 'A statement was added that is not whole in the log.';
  return read.kind === 'set' ? added(element, read.value, nothing) : [{ kind: 'lose', element, why }];
};

/** Takes away the statement of which the call names the Sid. */
function removed(key: string): Effects {
  return (element, { parameters }) => {
    const value = textAt(parameters, key);
    const why = 'A statement was taken away, and the log does not tell which.';
    if (value === null) return [{ kind: 'lose', element, why }];
    return [{ kind: 'patch', element, form: 'without', patch: { list: 'Statement', key: 'Sid', value } }];
  };
}

/**
 * SQS and SNS make a statement of accounts and actions, with the label as its Sid.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html and
 * https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html
 */
function permissionAdded(service: 'SQS' | 'SNS'): Effects {
  return (element, { parameters }) => {
    const accounts = textsIn(parameters, ['aWSAccountIds', 'aWSAccountId', 'AWSAccountIds', 'AWSAccountId']);
    const actions = textsIn(parameters, ['actions', 'actionName', 'actionNames']);
    const label = textAt(parameters, 'label');
    const resource = element.slice(element.lastIndexOf(' ') + 1);
    if (accounts === null || actions === null || label === null || !accounts.every(isAccountId)) {
      return [{ kind: 'lose', element, why: 'A statement was added that is not whole in the log.' }];
    }
    const statement = {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: accounts },
      Action: actions.map((action) => `${service}:${action}`),
      Resource: resource,
    };
    // A topic has a policy from its making on, so that nothing is known of one of which none is known.
    return added(element, statement, service === 'SQS' ? nothing : undefined);
  };
}

/** The texts of a list, under the one of these keys that is there. */
function textsIn(parameters: JsonObject, keys: readonly string[]): string[] | null {
  const key = keys.find((each) => Array.isArray(parameters[each]));
  if (key === undefined) return null;
  const list = arrayAt(parameters, key);
  const texts = list.filter((each) => typeof each === 'string');
  return texts.length === 0 || texts.length < list.length ? null : texts;
}

/** What is named by an ARN may be so by the beginning of it. */
function ofSecret(effects: Effects): Effects {
  return (element, call) => {
    if (toldSecret(call) !== null) return effects(element, call);
    const why = 'A secret was named by a text that may be the whole of its ARN or the beginning.';
    return [...effects(element, call), { kind: 'blur', prefix: `${element}-`, why }];
  };
}

/** Versions and aliases go with a function, with the policies that they have. */
const functionGone: Effects = (element) => {
  const why = 'The function was deleted with its versions and aliases, and may have been made anew.';
  return [
    { kind: 'drop', element },
    { kind: 'blur', prefix: `${element}:`, why },
  ];
};

const layerChanged = loses('Who may use the layer was changed, and the log does not tell how.');
const madeKey: Effects = (element, { parameters }) => [documentEffect(element, parameters['policy'])];

/** Source: CloudTrail records name parameters as the API references do, with a small letter first. */
const calls: Readonly<Record<string, readonly [ResourceArn, Effects]>> = {
  's3.amazonaws.com PutBucketPolicy': [bucketArn, writes('bucketPolicy')],
  's3.amazonaws.com DeleteBucketPolicy': [bucketArn, drops],
  's3.amazonaws.com DeleteBucket': [bucketArn, drops],
  'kms.amazonaws.com PutKeyPolicy': [keyArn, writes('policy')],
  'kms.amazonaws.com CreateKey': [
    ({ response, named }) => textAt(objectAt(response, 'keyMetadata'), 'arn') ?? named,
    madeKey,
  ],
  'secretsmanager.amazonaws.com PutResourcePolicy': [secretArn, ofSecret(writes('resourcePolicy'))],
  'secretsmanager.amazonaws.com DeleteResourcePolicy': [secretArn, ofSecret(drops)],
  'sqs.amazonaws.com SetQueueAttributes': [queueArn, queueAttributes],
  'sqs.amazonaws.com CreateQueue': [queueArn, queueAttributes],
  'sqs.amazonaws.com DeleteQueue': [queueArn, drops],
  'sqs.amazonaws.com AddPermission': [queueArn, permissionAdded('SQS')],
  'sqs.amazonaws.com RemovePermission': [queueArn, removed('label')],
  'sns.amazonaws.com SetTopicAttributes': [given('topicArn'), topicAttribute],
  'sns.amazonaws.com CreateTopic': [({ response }) => textAt(response, 'topicArn'), topicMade],
  'sns.amazonaws.com DeleteTopic': [given('topicArn'), drops],
  'sns.amazonaws.com AddPermission': [given('topicArn'), permissionAdded('SNS')],
  'sns.amazonaws.com RemovePermission': [given('topicArn'), removed('label')],
  'lambda.amazonaws.com AddPermission20150331v2': [functionArn, statementAdded],
  'lambda.amazonaws.com AddPermission20150331': [functionArn, statementAdded],
  'lambda.amazonaws.com RemovePermission20150331v2': [functionArn, removed('statementId')],
  'lambda.amazonaws.com RemovePermission20150331': [functionArn, removed('statementId')],
  'lambda.amazonaws.com DeleteFunction20150331': [functionArn, functionGone],
  'lambda.amazonaws.com AddLayerVersionPermission20181031': [layerVersions, layerChanged],
  'lambda.amazonaws.com RemoveLayerVersionPermission20181031': [layerVersions, layerChanged],
  'ecr.amazonaws.com SetRepositoryPolicy': [repositoryArn, writes('policyText')],
  'ecr.amazonaws.com DeleteRepositoryPolicy': [repositoryArn, drops],
  'ecr.amazonaws.com DeleteRepository': [repositoryArn, drops],
  'dynamodb.amazonaws.com PutResourcePolicy': [given('resourceArn'), writes('policy')],
  'dynamodb.amazonaws.com DeleteResourcePolicy': [given('resourceArn'), drops],
};

const resourceGiven: ResourceArn = (call) => given('resourceArn')(call) ?? given('resourceARN')(call);
/** Services that are not listed name their resources and documents each in its own way. */
const others: Readonly<Record<string, readonly [ResourceArn, Effects]>> = {
  PutResourcePolicy: [resourceGiven, loses('A policy was written to it, as the service words it.')],
  DeleteResourcePolicy: [resourceGiven, loses('A policy of it was deleted, as the service words it.')],
};

function ruleOf(source: string, operation: string): readonly [ResourceArn, Effects] | undefined {
  const name = `${source} ${operation}`;
  if (Object.hasOwn(calls, name)) return calls[name];
  return Object.hasOwn(others, operation) ? others[operation] : undefined;
}

/** What a call changed of the policies of resources; null where it changed none. */
export function resourceChange(
  source: string,
  operation: string,
  account: string,
  record: JsonObject,
): ReturnType<ReadChange> {
  const rule = ruleOf(source, operation);
  if (rule === undefined) return null;
  const first = arrayAt(record, 'resources').find(isObject);
  const call: ResourceCall = {
    account,
    region: textAt(record, 'awsRegion') ?? '',
    parameters: objectAt(record, 'requestParameters') ?? {},
    response: objectAt(record, 'responseElements'),
    named: textAt(first, 'ARN') ?? textAt(first, 'arn'),
  };
  const [arnOf, effectsOf] = rule;
  const arn = arnOf(call);
  const service = source.slice(0, source.indexOf('.'));
  // The policy belongs to the owner of the resource, who need not be the one for whom the event was logged.
  const owner = [parseArn(arn ?? '')?.account, textAt(first, 'accountId'), account].find(
    (id) => id !== undefined && id !== null && isAccountId(id),
  );
  if (owner === undefined || owner === null) {
    return { effects: [], unclear: 'The log does not tell of which account the resource is.' };
  }
  const place = arn === null || arn.includes(' ') ? anyOf(service, call) : arn;
  const element = resourceName(owner, place);
  const effects = effectsOf(element, call);
  if (effects.length === 0) return null;
  if (!place.endsWith('*')) return { effects };
  const why = `${operation} changed the policy of a resource, and the log does not tell of which.`;
  return { effects: [{ kind: 'blur', prefix: element.slice(0, -1), why }] };
}
