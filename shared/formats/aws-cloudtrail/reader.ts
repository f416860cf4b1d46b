import type { NormalizedEvent, Session } from '../../domain/event.ts';
import type { DateOrder, ReadContext, ReadResult, RecordReader, RecordShape } from '../../domain/format.ts';
import { objectAt, textAt, type JsonObject } from '../../domain/json.ts';
import { boundedText } from '../../util/record-fields.ts';
import { ColumnReader } from './columns.ts';
import { DecisionReader } from './decision.ts';
import { readIdentity, signInMfa } from './identity.ts';
import { OperationReader } from './operation.ts';
import { readResources } from './resource.ts';
import { accountText } from './subject.ts';
import { firstTime, readTime } from './time.ts';
import { type Place, placeOf, shippedTimes, unwrap } from './unwrap.ts';

const noRecord =
  'Expected a CloudTrail record (eventName with eventSource or userIdentity), found another record.';
const noTime = 'Expected a time in eventTime of the CloudTrail record, found none.';

/** Account of the log in the paths that CloudTrail makes. */
const pathAccount =
  /(?:^|[/\\])AWSLogs[/\\](?:o-[a-z0-9]+[/\\])?(\d{12})[/\\]|(?:^|[/\\!])(\d{12})_CloudTrail_/;

/** Reads the records of one file; what it keeps is caches alone, so that a record read by itself gives the same event. */
export class CloudTrailReader implements RecordReader {
  readonly #columns = new ColumnReader();
  readonly #operations = new OperationReader();
  readonly #decisions = new DecisionReader();
  readonly #dateOrder: DateOrder | undefined;
  readonly #pathAccount: string | null;

  constructor({ path, dateOrder }: ReadContext) {
    this.#dateOrder = dateOrder;
    const match = pathAccount.exec(path);
    this.#pathAccount = match?.[1] ?? match?.[2] ?? null;
  }

  read(record: JsonObject, shape: RecordShape): ReadResult {
    const found = unwrap(record, shape, this.#columns);
    if (found.kind === 'other') return { kind: 'skip', reason: found.reason };
    if (found.kind === 'broken') return { kind: 'problem', reason: found.reason };
    if (found.kind === 'none') return { kind: 'problem', reason: noRecord };
    const time =
      readTime(found.record['eventTime'], this.#dateOrder) ??
      wrapperTime(found.record, found.wrappers, this.#dateOrder);
    if (time === null) return { kind: 'problem', reason: noTime };
    return {
      kind: 'event',
      event: this.#event(found.record, time, placeOf(found.wrappers), found.hasErrors),
    };
  }

  #event(record: JsonObject, time: string, place: Place, hasErrors: boolean): NormalizedEvent {
    const user = objectAt(record, 'userIdentity');
    const identity = readIdentity(record, user, this.#dateOrder);
    const called = this.#operations.read(record);
    const decision = this.#decisions.read(record, hasErrors);
    const region = boundedText(record, 'awsRegion') ?? place.region;
    const account =
      accountText(record['recipientAccountId']) ?? place.account ?? this.#pathAccount ?? ownAccount(user);
    const action = decision.action ?? called.action;
    const resources = readResources(record, {
      callerArn: textAt(user, 'arn'),
      region,
      account,
      prefix: called.action?.slice(0, called.action.indexOf(':')) ?? null,
      operation: called.operation,
      subject: identity.subject,
      refused: decision.resource,
    });
    return {
      vendorId: boundedText(record, 'eventID') ?? boundedText(record, 'UID'),
      time,
      class: called.class,
      subject: identity.subject,
      actor: identity.actor,
      session: identity.session ?? signInSession(record),
      credential: identity.credential,
      action,
      operation: called.operation,
      service: called.service,
      resource: resources[0] ?? null,
      resources,
      outcome: decision.outcome,
      reason: decision.reason,
      ip: boundedText(record, 'sourceIPAddress'),
      userAgent: boundedText(record, 'userAgent'),
      account,
      region,
      correlation: {
        requestId: boundedText(record, 'requestID'),
        traceId: null,
        spanId: null,
        sessionId: sessionKey(record, user),
        sharedId: boundedText(record, 'sharedEventID'),
      },
    };
  }
}

function wrapperTime(
  record: JsonObject,
  wrappers: readonly JsonObject[],
  order: DateOrder | undefined,
): string | null {
  return firstTime(
    [record['time'], record['@timestamp'], record['p_event_time'], ...shippedTimes(wrappers)],
    order,
  );
}

/** Before 2015 records did not say which account received them: it was the caller's own. */
function ownAccount(user: JsonObject | undefined): string | null {
  return textAt(user, 'type') === 'AWSAccount' ? null : accountText(user?.['accountId']);
}

/** A sign-in has no session yet; whether MFA was used is all that is known of the one that it begins. */
function signInSession(record: JsonObject): Session | null {
  const mfa = signInMfa(record);
  return mfa === null ? null : { id: null, name: null, startedAt: null, mfa };
}

/**
 * The temporary key that ties a session's beginning to its use: the one that the event issued (AssumeRole and its
 * kin), else the one that it was made with.
 */
function sessionKey(record: JsonObject, user: JsonObject | undefined): string | null {
  const issued = boundedText(objectAt(objectAt(record, 'responseElements'), 'credentials'), 'accessKeyId');
  if (issued !== null) return issued;
  const used = boundedText(user, 'accessKeyId');
  return used?.startsWith('ASIA') === true ? used : null;
}
