import type { Correlation, Credential, NormalizedEvent, Principal, Session } from '../../domain/event.ts';
import {
  type FormatParts,
  type OwnTexts,
  type Part,
  type PartColumns,
  type PartValues,
  type RecordView,
  type ValueOf,
  firstText,
} from '../../domain/event-part.ts';
import type { DateOrder, ReadContext } from '../../domain/format.ts';
import { objectAt, textAt, type JsonObject } from '../../domain/json.ts';
import { boundedText } from '../../util/record-fields.ts';
import { partitionOf } from './arn.ts';
import { type Decision, DecisionReader, signInResult } from './decision.ts';
import { type Who, readCredential, readSession, readWho, signInMfa, switchedFrom } from './identity.ts';
import { type Operation, OperationReader } from './operation.ts';
import { readResources } from './resource.ts';
import type { Surroundings } from './resource-rule.ts';
import { accountText } from './subject.ts';
import { readTime } from './time.ts';
import { type Place, isRecord, noPlace, otherReason, structured } from './unwrap.ts';

/** Account of the log in the paths that CloudTrail makes. */
const pathAccount =
  /(?:^|[/\\])AWSLogs[/\\](?:o-[a-z0-9]+[/\\])?(\d{12})[/\\]|(?:^|[/\\!])(\d{12})_CloudTrail_/;

/** What stands around a record. */
export interface Wrapping {
  readonly place: Place;
  /** False where no error can be told from the columns that there are. */
  readonly hasErrors: boolean;
}

interface Identity extends Who {
  readonly session: Session | null;
  readonly credential: Credential | null;
  /** The temporary key that the call was made with. */
  readonly correlation: Pick<Correlation, 'sessionId'>;
}

const unwrapped: Wrapping = { place: noPlace, hasErrors: true };

/** The parts of a CloudTrail record, after its wrappers were taken off. What is kept are caches alone. */
export class CloudTrailParts implements FormatParts {
  readonly members = [
    'eventID',
    'UID',
    'eventTime',
    'requestID',
    'sharedEventID',
    'eventName',
    'eventSource',
    'eventType',
    'eventCategory',
    'sourceIPAddress',
    'userAgent',
    'awsRegion',
    'recipientAccountId',
    'errorCode',
    'errorMessage',
    'insightDetails',
    ...structured,
  ];
  readonly structures = structured;

  readonly #operations = new OperationReader();
  readonly #decisions = new DecisionReader();

  readonly wrapping: Part<Wrapping> = { read: () => unwrapped };
  readonly pathAccount: Part<string | null> = { read: () => null };
  readonly dateOrder: Part<DateOrder | undefined> = { read: () => undefined };

  readonly isPlain: Part<boolean> = {
    read: ({ members }) => isRecord(members) && otherReason(members) === null,
  };

  readonly #signIn: Part<string | null> = { read: signInResult };

  readonly #decision: Part<Decision> = {
    read: ({ members }, valueOf) =>
      this.#decisions.read(members, valueOf(this.wrapping).hasErrors, valueOf(this.#signIn)),
  };

  readonly #called: Part<Operation> = { read: ({ members }) => this.#operations.read(members) };

  /** A refusal may name another permission than the operation's own. */
  readonly #operation: Part<Operation> = {
    read: (_, valueOf) => {
      const called = valueOf(this.#called);
      const { action } = valueOf(this.#decision);
      return action === null ? called : { ...called, action };
    },
  };

  readonly #identity: Part<Identity> = {
    read: (view, valueOf) => {
      const dateOrder = valueOf(this.dateOrder);
      // The same again and again, but for each session once: who it is then is known.
      view.whole('userIdentity');
      const { subject, actor } = valueOf(this.#who);
      const credential = readCredential(view);
      return {
        subject,
        actor,
        session: readSession(view, subject, dateOrder) ?? valueOf(this.#signInSession),
        credential,
        correlation: { sessionId: credential?.type === 'temporary-access-key' ? credential.id : null },
      };
    },
  };

  readonly #who: Part<Who> = {
    isSeenThrough: true,
    read: (view, valueOf) => readWho(view, valueOf(this.#switchFrom)),
  };

  readonly #switchFrom: Part<Principal | null> = {
    read: ({ members }) => switchedFrom(members),
  };

  readonly #signInSession: Part<Session | null> = { read: signInSession };

  readonly #place: Part<Pick<NormalizedEvent, 'account' | 'region'>> = {
    read: ({ members }, valueOf) => {
      const { place } = valueOf(this.wrapping);
      return {
        region: boundedText(members, 'awsRegion') ?? place.region,
        account:
          accountText(members['recipientAccountId']) ??
          place.account ??
          valueOf(this.pathAccount) ??
          ownAccount(objectAt(members, 'userIdentity')),
      };
    },
  };

  readonly #partition: Part<string> = {
    read: ({ within }, valueOf) => {
      const arn = within('userIdentity', 'arn');
      return partitionOf(typeof arn === 'string' ? arn : null, valueOf(this.#place).region ?? null);
    },
  };

  readonly #around: SurroundingParts = {
    partition: this.#partition,
    place: this.#place,
    called: this.#called,
    who: this.#who,
    decision: this.#decision,
  };

  readonly #resources: Part<Pick<NormalizedEvent, 'resource' | 'resources'>> = {
    read: ({ members }, valueOf) => {
      const resources = readResources(members, new RecordSurroundings(valueOf, this.#around));
      return { resource: resources[0] ?? null, resources };
    },
  };

  readonly #address: Part<Pick<NormalizedEvent, 'ip'>> = {
    read: ({ members }) => ({ ip: boundedText(members, 'sourceIPAddress') }),
  };

  readonly #client: Part<Pick<NormalizedEvent, 'userAgent'>> = {
    read: ({ members }) => ({ userAgent: boundedText(members, 'userAgent') }),
  };

  readonly columns: readonly PartColumns[] = [
    { dimensions: ['operation'], part: this.#operation },
    { dimensions: ['decision'], part: { read: (_, valueOf) => valueOf(this.#decision) } },
    { dimensions: ['subject', 'actor', 'session', 'credential'], part: this.#identity },
    { dimensions: ['resource'], part: this.#resources },
    { dimensions: ['ip'], part: this.#address },
    { dimensions: ['userAgent'], part: this.#client },
    { dimensions: ['account', 'region'], part: { read: (_, valueOf) => valueOf(this.#place) } },
  ];

  readonly time: FormatParts['time'] = {
    member: 'eventTime',
    part: { read: ({ members }, valueOf) => readTime(members['eventTime'], valueOf(this.dateOrder)) },
  };

  /**
   * `sessionId` is the temporary key that ties a session's beginning to its use: the one that the event issued
   * (AssumeRole and its kin), else the one that it was made with.
   */
  readonly own: OwnTexts = {
    vendorId: [['eventID'], ['UID']],
    correlation: {
      requestId: [['requestID']],
      sharedId: [['sharedEventID']],
      sessionId: [['responseElements', 'credentials', 'accessKeyId']],
    },
  };

  readonly ofFile = ({ path, dateOrder }: ReadContext): PartValues => {
    const match = pathAccount.exec(path);
    return new Map<Part<unknown>, unknown>([
      [this.pathAccount, match?.[1] ?? match?.[2] ?? null],
      [this.dateOrder, dateOrder],
    ]);
  };

  /** The whole event: what all parts come to. */
  event(record: RecordView, time: string, valueOf: ValueOf): NormalizedEvent {
    const { class: eventClass, action, operation, service } = valueOf(this.#operation);
    const { outcome, reason } = valueOf(this.#decision);
    const identity = valueOf(this.#identity);
    const { requestId, sharedId, sessionId } = this.own.correlation;
    return {
      vendorId: firstText(record, this.own.vendorId),
      time,
      class: eventClass,
      subject: identity.subject,
      actor: identity.actor,
      session: identity.session,
      credential: identity.credential,
      action,
      operation,
      service,
      ...valueOf(this.#resources),
      outcome,
      reason,
      ...valueOf(this.#address),
      ...valueOf(this.#client),
      ...valueOf(this.#place),
      correlation: {
        requestId: firstText(record, requestId),
        traceId: null,
        spanId: null,
        sessionId: firstText(record, sessionId) ?? identity.correlation.sessionId,
        sharedId: firstText(record, sharedId),
      },
    };
  }
}

/** Before 2015 records did not say which account received them: it was the caller's own. */
function ownAccount(user: JsonObject | undefined): string | null {
  return textAt(user, 'type') === 'AWSAccount' ? null : accountText(user?.['accountId']);
}

/** A sign-in has no session yet; whether MFA was used is all that is known of the one that it begins. */
function signInSession(record: RecordView): Session | null {
  const mfa = signInMfa(record);
  return mfa === null ? null : { id: null, name: null, startedAt: null, mfa };
}

interface SurroundingParts {
  readonly partition: Part<string>;
  readonly place: Part<Pick<NormalizedEvent, 'account' | 'region'>>;
  readonly called: Part<Operation>;
  readonly who: Part<Who>;
  readonly decision: Part<Decision>;
}

/** Each of them is looked at only when it is asked for: a list of resources in the record rests on few. */
class RecordSurroundings implements Surroundings {
  readonly #valueOf: ValueOf;
  readonly #parts: SurroundingParts;

  constructor(valueOf: ValueOf, parts: SurroundingParts) {
    this.#valueOf = valueOf;
    this.#parts = parts;
  }

  get partition(): string {
    return this.#valueOf(this.#parts.partition);
  }

  get region(): string | null {
    return this.#valueOf(this.#parts.place).region;
  }

  get account(): string | null {
    return this.#valueOf(this.#parts.place).account;
  }

  get prefix(): string | null {
    const { action } = this.#valueOf(this.#parts.called);
    return action === null ? null : action.slice(0, action.indexOf(':'));
  }

  get operation(): string | null {
    return this.#valueOf(this.#parts.called).operation;
  }

  get subject(): Principal {
    return this.#valueOf(this.#parts.who).subject;
  }

  get refused(): string | null {
    return this.#valueOf(this.#parts.decision).refused;
  }
}
