import type { Outcome, ReasonClass } from '../../domain/event.ts';

/** What an error code says by itself. `by-message`: the code is used for refusals and for other failures. */
export type CodeMeaning =
  | { readonly outcome: Outcome; readonly class: ReasonClass }
  | 'denied'
  | 'by-message';

const dryRun: CodeMeaning = { outcome: 'allow', class: 'dry-run' };
const authentication: CodeMeaning = { outcome: 'deny', class: 'authentication' };
const pending: CodeMeaning = { outcome: 'challenge', class: 'authentication' };

/**
 * Credentials that were not accepted: nobody was authorized. Sources: common errors of AWS APIs
 * (https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html), of EC2, S3, STS, Cognito and
 * IAM Identity Center.
 */
const authenticationCodes = new Set([
  'ExpiredToken',
  'TokenExpired',
  'ExpiredTokenId',
  'RequestExpired',
  'InvalidClientTokenId',
  'CloudTrailInvalidClientTokenId',
  'SignatureDoesNotMatch',
  'InvalidSignature',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'InvalidAccessKeyId',
  'UnrecognizedClient',
  'InvalidToken',
  'TokenRefreshRequired',
  'RequestTimeTooSkewed',
  'InvalidSecurity',
  'InvalidIdentityToken',
  'IDPRejectedClaim',
  'UserNotConfirmed',
  'PasswordResetRequired',
  'CodeMismatch',
  'ExpiredCode',
  'InvalidGrant',
  'InvalidClient',
  'FailedAuthentication',
  'AuthenticationFailed',
  'AuthenticationFailure',
]);

/** Codes that name a refusal and mean something else, with their class. */
const otherCodes: ReadonlyMap<string, CodeMeaning> = new Map<string, CodeMeaning>([
  ['DryRunOperation', dryRun],
  // The device flow of Identity Center waits for the user's consent.
  ['AuthorizationPending', pending],
  ['AuthFailure', 'by-message'],
  ['OperationNotPermitted', 'by-message'],
  ['NotAuthorized', 'by-message'],
  ['InsufficientPermissions', 'by-message'],
  ['MFAMethodNotFound', authentication],
  ['AuthorizationNotFound', { outcome: 'error', class: 'not-found' }],
  ['AuthorizationAlreadyExists', { outcome: 'error', class: 'conflict' }],
  ['AuthorizationQuotaExceeded', { outcome: 'error', class: 'quota' }],
  ['AuthorizationHeaderMalformed', { outcome: 'error', class: 'invalid-request' }],
  ['PriorRequestNotComplete', { outcome: 'error', class: 'conflict' }],
]);

/** Families of refusals. */
const denied =
  /AccessDenied|Unauthori[sz]ed|^Forbidden|^NotAuthorized|^AuthorizationError|^InsufficientPrivileges|AllAccessDisabled|^AccessDisabled/i;

/** Families of failures that say nothing of permission, the first that fits. */
const failures: readonly (readonly [RegExp, ReasonClass])[] = [
  [
    /Throttl|SlowDown|TooManyRequests|RequestLimitExceeded|ThroughputExceeded|Rate(?:Limit)?Exceeded|RequestRateTooLarge/i,
    'throttled',
  ],
  [
    /NotFound|NoSuch|DoesNotExist|DoesntExist|NonExistent|NotExist|NotDiscovered|^Unknown(?!Operation|Parameter|Endpoint)/i,
    'not-found',
  ],
  [
    /LimitExceeded|QuotaExceeded|^TooMany|^MaxNumberOf|Maximum\w*Exceeded|^Max\w*Exceeded|CapacityExceeded|StorageExceeded|CountExceeded|OverLimit|PendingVerification/i,
    'quota',
  ],
  [
    /AlreadyExist|AlreadyOwned|AlreadyAssociated|AlreadyInUse|Conflict|InUse|Duplicate|Incorrect\w*State|Invalid\w*State\b|InvalidState|^InvalidDB\w+State|DependencyViolation|Unmodifiable|Concurrent|NotEmpty|OperationAborted|NotReady|IdempotentParameterMismatch|PreconditionFailed|ConditionalCheckFailed|OperationInProgress|TransactionCanceled|NotStabilized|^Disabled$|NotConnected|AlreadyIn|QueueDeletedRecently|CannotDelete|Not(?:Enabled|Registered|Attached)|^Finalizing|ConstraintViolation/i,
    'conflict',
  ],
  [
    /^Server\.|^Internal|InternalError|InternalFailure|InternalServer|Unavailable|ServiceFailure|ServerException|^ServiceException|^Insufficient\w*Capacity|Timeout|TimedOut|^Failure$|^Serv(?:ice|er)(?:Error)?$|^UnexpectedLambda|Communication|Unfulfillable/i,
    'service',
  ],
  [
    /Invalid|Validation|Malformed|^Missing|BadRequest|Unsupported|NotSupported|Parameter|Serialization|UnknownOperation|IllegalArgument|PolicyViolation|MethodNotAllowed|Required|Mismatch|TooLong|TooLarge|TooShort|NotValid|^Insufficient\w*Policy|^Illegal|OptIn|Subscription|^Client$|InsufficientCapabilities|Redirect|^30\d$|RegionDisabled|IncorrectKey|DecryptionFailure/i,
    'invalid-request',
  ],
];

/** The name without the side that EC2 says failed, and without the suffixes that differ from SDK to SDK. */
function bareName(code: string): string {
  const name = code.startsWith('Client.') ? code.slice(7) : code;
  const bare = name.slice(name.lastIndexOf('#') + 1).replace(/(?:Exception|Fault)$/, '');
  return bare === '' ? name : bare;
}

/** The meaning of an error code; the message decides where a code has more than one. */
export function meaningOfCode(code: string): CodeMeaning {
  const bare = bareName(code);
  const other = otherCodes.get(bare);
  if (other !== undefined) return other;
  if (authenticationCodes.has(bare)) return authentication;
  if (denied.test(bare)) return 'denied';
  for (const [family, reasonClass] of failures) {
    if (family.test(bare)) return { outcome: 'error', class: reasonClass };
  }
  return { outcome: 'error', class: 'unspecified' };
}
