import type { Outcome } from '../../domain/event.ts';
import type { Random } from '../random.ts';
import type { Caller } from './caller.ts';

/** What an operation asked for and got: JSON texts of the record's variable parts. */
export interface Exchange {
  readonly parameters: string;
  readonly response?: string;
  /** Elements of `resources`. */
  readonly resources?: string;
  /** `additionalEventData`. */
  readonly additional?: string;
  /** The resource that a denial names. */
  readonly target: string;
}

export interface Operation {
  /** Host name without `.amazonaws.com`. */
  readonly source: string;
  readonly name: string;
  /** As denials name it. */
  readonly action: string;
  readonly readOnly: boolean;
  readonly data?: boolean;
  /** Global services are logged in us-east-1. */
  readonly global?: boolean;
  /** Code and message of the service's failure that is no denial. */
  readonly failure: readonly [code: string, message: string];
  readonly exchange: (random: Random, caller: Caller) => Exchange;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface Call {
  readonly caller: Caller;
  readonly operation: Operation;
  readonly exchange: Exchange;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly failure?: Failure;
  readonly eventId: string;
  /** `,"sharedEventID":"…"` and the like. */
  readonly extra?: string;
  /** Shared by the copies that two accounts receive; drawn where it is not given. */
  readonly requestId?: string;
  /** Account that receives the record, where it is not the caller's. */
  readonly recipient?: string;
}

/** Region in which the record lies. */
export function regionOf(operation: Operation, caller: Caller): string {
  return operation.global === true ? 'us-east-1' : caller.region;
}

/** The JSON text of one record, in the order of fields that CloudTrail writes. */
export function recordText(random: Random, call: Call): string {
  const { caller, operation, exchange, failure } = call;
  const region = regionOf(operation, caller);
  const endpoint =
    operation.global === true
      ? `${operation.source}.amazonaws.com`
      : `${operation.source}.${region}.amazonaws.com`;
  const error =
    failure === undefined
      ? ''
      : `"errorCode":"${failure.code}","errorMessage":${JSON.stringify(failure.message)},`;
  const response = failure === undefined ? (exchange.response ?? 'null') : 'null';
  const additional = exchange.additional === undefined ? '' : `"additionalEventData":${exchange.additional},`;
  const resources = exchange.resources === undefined ? '' : `"resources":[${exchange.resources}],`;
  return `{"eventVersion":"1.11","userIdentity":${caller.identity},"eventTime":"${call.time}","eventSource":"${operation.source}.amazonaws.com","eventName":"${operation.name}","awsRegion":"${region}","sourceIPAddress":"${caller.address}","userAgent":"${caller.agent}",${error}"requestParameters":${exchange.parameters},"responseElements":${response},${additional}"requestID":"${call.requestId ?? requestId(random, operation)}","eventID":"${call.eventId}","readOnly":${operation.readOnly},${resources}"eventType":"AwsApiCall","managementEvent":${operation.data !== true},"recipientAccountId":"${call.recipient ?? caller.account.id}"${call.extra ?? ''},"eventCategory":"${operation.data === true ? 'Data' : 'Management'}","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"${endpoint}"}}`;
}

/** S3's request ids are 16 upper-case characters, DynamoDB's 52; others are GUIDs. */
function requestId(random: Random, operation: Operation): string {
  if (operation.source === 's3') return random.upper(16);
  return operation.source === 'dynamodb' ? `${random.upper(26)}${random.upper(26)}` : random.guid();
}

/** How the operation's service says that it refuses. */
export function denial(random: Random, operation: Operation, caller: Caller, target: string): Failure {
  if (operation.source === 'ec2') {
    return {
      code: 'Client.UnauthorizedOperation',
      message: `You are not authorized to perform this operation. User: ${caller.arn} is not authorized to perform: ${operation.action} because no identity-based policy allows the ${operation.action} action. Encoded authorization failure message: ${random.base64(360)}`,
    };
  }
  if (operation.source === 's3' && operation.data === true && random.chance(0.3)) {
    return { code: 'AccessDenied', message: 'Access Denied' };
  }
  const code =
    operation.source === 'iam' || operation.source === 'sts' || operation.source === 's3'
      ? 'AccessDenied'
      : 'AccessDeniedException';
  return {
    code,
    message: `User: ${caller.arn} is not authorized to perform: ${operation.action} on resource: ${target} because no identity-based policy allows the ${operation.action} action`,
  };
}

/** How often calls fail: denials and other errors. */
const deniedShare = 0.011;
const failedShare = 0.012;

/** Draws how a call of everyday work ends. */
export function drawEnd(
  random: Random,
  operation: Operation,
  caller: Caller,
  target: string,
): { readonly failure?: Failure; readonly outcome: Outcome } {
  const draw = random.fraction();
  if (draw < deniedShare) return { failure: denial(random, operation, caller, target), outcome: 'deny' };
  if (draw < deniedShare + failedShare) {
    const [code, message] = operation.failure;
    return { failure: { code, message }, outcome: 'error' };
  }
  return { outcome: 'allow' };
}
