import { arrayAt, isObject, objectAt, textAt, type JsonObject } from '../../domain/json.ts';
import {
  applicationAutoScaling,
  exceptions,
  prefixes,
  signInPermissions,
  withoutPermission,
} from './action-names.ts';

/** What was called. */
export interface Operation {
  /** The IAM permission; null where no policy governs the call. */
  readonly action: string | null;
  readonly operation: string | null;
  /** Event source without the domain, as the log names it. */
  readonly service: string | null;
  /** OCSF class. */
  readonly class: string;
}

/** Distinct operations of a file that are remembered. */
const remembered = 8192;

/** Reads operations; remembers the distinct ones of a file. */
export class OperationReader {
  /** By name: services that share one are few. */
  readonly #byName = new Map<string | null, Called[]>();
  #size = 0;

  read(record: JsonObject): Operation {
    const source = textAt(record, 'eventSource');
    const name = textAt(record, 'eventName');
    const type = textAt(record, 'eventType');
    const operation = this.#known(source, name, type);
    return operation.action === null && operation.service === 'dynamodb'
      ? ofStatement(operation, record)
      : operation;
  }

  #known(source: string | null, name: string | null, type: string | null): Operation {
    const known = this.#byName.get(name) ?? [];
    for (const called of known) if (called.source === source && called.type === type) return called.operation;
    if (this.#size >= remembered) {
      this.#byName.clear();
      this.#size = 0;
    }
    const operation = describe(source, name, type);
    if (known.length < sharedBy) {
      this.#byName.set(name, [...known, { source, type, operation }]);
      this.#size++;
    }
    return operation;
  }
}

interface Called {
  readonly source: string | null;
  readonly type: string | null;
  readonly operation: Operation;
}

/** Services that share the name of an operation and are remembered. */
const sharedBy = 64;

const longestName = 256;

function describe(source: string | null, name: string | null, type: string | null): Operation {
  const service = source === null ? null : serviceName(source).slice(0, longestName);
  const operation = name === null ? null : name.slice(0, longestName);
  return {
    action: service === null || operation === null ? null : permission(service, operation, type),
    operation,
    service,
    class: classOf(service, operation, type),
  };
}

/** `s3.amazonaws.com` is `s3`. */
function serviceName(source: string): string {
  return source.replace(/\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal|aws)$/, '');
}

/** Lambda appends the version of its API (`ListFunctions20150331`), CloudFront too (`…2020_05_31`). */
const apiVersion = /_?20\d\d_?\d\d_?\d\d(?:v\d+)?$/;

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
function permission(service: string, operation: string, type: string | null): string | null {
  const prefix = prefixes.get(service) ?? service;
  const name = operation.replace(apiVersion, '');
  if (prefix === 'signin' || type === 'AwsConsoleSignIn') {
    return signInPermissions.has(name) ? `signin:${name}` : null;
  }
  // An event of a service about itself (a key was rotated) is no use of a permission; S3 logs some deletions so.
  if (type === 'AwsServiceEvent' && !(prefix === 's3' && /^(?:Get|Put|Delete|Copy)Object$/.test(name)))
    return null;
  const plain = `${prefix}:${name}`;
  if (withoutPermission.has(plain) || ofStatements.has(plain)) return null;
  if (prefix === 'apigateway') return gatewayPermission(name);
  if (prefix === 'autoscaling' && applicationAutoScaling.has(name)) return `application-autoscaling:${name}`;
  return exceptions.get(plain) ?? plain;
}

/** Permissions of API Gateway that have names of their own; all others are HTTP methods. */
const gatewayNames = /Portal|ProductPage|RestEndpointPage|RoutingRule/;
const gatewayMethods: readonly (readonly [RegExp, string])[] = [
  [/^(?:Get|List|Export)/, 'GET'],
  [/^(?:Create|Generate|TestInvoke|ImportApiKeys|ImportRestApi)/, 'POST'],
  [/^Update/, 'PATCH'],
  [/^(?:Put|Import|Reimport|TagResource)/, 'PUT'],
  [/^(?:Delete|Flush|Reset|UntagResource)/, 'DELETE'],
];

/** Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-create-and-manage-api.html */
function gatewayPermission(name: string): string {
  if (gatewayNames.test(name)) return `apigateway:${name}`;
  for (const [form, method] of gatewayMethods) if (form.test(name)) return `apigateway:${method}`;
  return `apigateway:${name}`;
}

/** Operations whose permission depends on what they ask for. */
const ofStatements = new Set([
  'dynamodb:ExecuteStatement',
  'dynamodb:BatchExecuteStatement',
  'dynamodb:ExecuteTransaction',
  'dynamodb:TransactWriteItems',
]);

const statements: Readonly<Record<string, string>> = {
  select: 'PartiQLSelect',
  insert: 'PartiQLInsert',
  update: 'PartiQLUpdate',
  delete: 'PartiQLDelete',
};
const writes: Readonly<Record<string, string>> = {
  put: 'PutItem',
  update: 'UpdateItem',
  delete: 'DeleteItem',
  conditionCheck: 'ConditionCheckItem',
};

/** The permission of a DynamoDB statement or of the first write of a transaction. */
function ofStatement(operation: Operation, record: JsonObject): Operation {
  const parameters = objectAt(record, 'requestParameters');
  const [first] = [
    ...arrayAt(parameters, 'statements'),
    ...arrayAt(parameters, 'transactStatements'),
    ...arrayAt(parameters, 'transactItems'),
  ];
  const item = isObject(first) ? first : parameters;
  const word = textAt(item, 'statement')?.trimStart().split(/\s/, 1)[0]?.toLowerCase() ?? '';
  const write = Object.keys(item ?? {}).find((key) => Object.hasOwn(writes, key)) ?? '';
  const name = Object.hasOwn(statements, word)
    ? statements[word]
    : Object.hasOwn(writes, write)
      ? writes[write]
      : undefined;
  return name === undefined ? operation : { ...operation, action: `dynamodb:${name}` };
}

const sessionOperations = /^(?:AssumeRole|AssumeRoot|GetSessionToken|GetFederationToken)/;
const signInOperations =
  /^(?:Authenticate|Federate|UserAuthentication|CredentialChallenge|CredentialVerification|Logout|CreateToken)/;
const accountOperations =
  /^(?:(?:Create|Delete|Update)(?:User|LoginProfile|AccessKey)|(?:Attach|Detach|Put|Delete)UserPolicy|ChangePassword|(?:Enable|Deactivate)MFADevice|(?:Put|Delete)UserPermissionsBoundary)$/;

/** Source: mapping of CloudTrail in OCSF (https://github.com/ocsf/examples). */
function classOf(service: string | null, operation: string | null, type: string | null): string {
  if (type === 'AwsConsoleSignIn' || service === 'signin') return 'Authentication';
  if (operation === null) return 'API Activity';
  if (service === 'sts' && sessionOperations.test(operation)) return 'Authentication';
  if ((service === 'sso' || service === 'sso-oauth') && signInOperations.test(operation))
    return 'Authentication';
  return service === 'iam' && accountOperations.test(operation) ? 'Account Change' : 'API Activity';
}
