import type { Outcome } from '../domain/event.ts';
import { timeText } from './clock.ts';
import type { Caller } from './cloudtrail/caller.ts';
import { recordText, regionOf, type Call, type Failure, type Operation } from './cloudtrail/record.ts';
import type { Emission, Streams } from './emission.ts';
import { clusterOutcome, clusterRecordText, type ClusterRequest, type Stage } from './kubernetes/record.ts';
import type { ClusterCaller } from './kubernetes/caller.ts';
import type { Random } from './random.ts';
import type { IncidentStep } from './truth.ts';

/** Events with a story, in the order of time, to be woven into everyday work. */
export class Planted {
  readonly emissions: Emission[] = [];
  readonly #random: Random;
  readonly #streams: Streams;
  #now = 0;
  #vendorIds: string[] = [];
  #from = 0;

  constructor(random: Random, streams: Streams) {
    this.#random = random;
    this.#streams = streams;
  }

  get time(): string {
    return timeText(this.#now);
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  at(milliseconds: number): this {
    this.#now = milliseconds;
    return this;
  }

  /** Lets some seconds pass, at most the given number. */
  wait(most: number): this {
    this.#now += 1000 * (1 + this.#random.below(most));
    return this;
  }

  /** The events since the last step, as one step of the story. */
  step(id: string, title: string, subject: string, credential: string): IncidentStep {
    const step = {
      id,
      title,
      subject,
      credential,
      from: timeText(this.#from),
      to: this.time,
      vendorIds: this.#vendorIds,
    };
    this.#vendorIds = [];
    return step;
  }

  /** One call in AWS. */
  cloud(
    caller: Caller,
    operation: Operation,
    more: {
      readonly failure?: Failure;
      readonly extra?: string;
      readonly recipient?: string;
      readonly requestId?: string;
    } = {},
  ): void {
    const eventId = this.#random.guid();
    const call: Call = {
      caller,
      operation,
      exchange: operation.exchange(this.#random, caller),
      time: this.time,
      eventId,
      ...more,
    };
    this.#add(eventId, {
      stream: this.#streams.trail(more.recipient ?? caller.account.id, regionOf(operation, caller)),
      text: recordText(this.#random, call),
      time: this.time,
      outcome: more.failure === undefined ? 'allow' : 'deny',
      subject: caller.subject === '' ? null : caller.subject,
    });
  }

  /** One request to a cluster, with the stages that its audit policy logs. */
  cluster(
    cluster: string,
    caller: ClusterCaller,
    request: ClusterRequest,
    more: { readonly denied?: boolean; readonly issued?: string; readonly stages?: readonly Stage[] } = {},
  ): void {
    const auditId = this.#random.guid();
    const denied = more.denied === true;
    const micros = this.#random.below(900_000);
    for (const stage of more.stages ?? (['ResponseComplete'] as const)) {
      const outcome: Outcome = clusterOutcome({ stage, denied });
      this.#add(`${auditId}/${stage}`, {
        stream: this.#streams.cluster(cluster),
        text: clusterRecordText(this.#random, {
          caller,
          request,
          auditId,
          stage,
          denied,
          second: this.time.slice(0, 19),
          micros,
          ...(more.issued === undefined ? {} : { issued: more.issued }),
        }),
        time: this.time,
        outcome,
        subject: caller.subject,
      });
    }
  }

  #add(vendorId: string, emission: Emission): void {
    if (this.#vendorIds.length === 0) this.#from = this.#now;
    this.#vendorIds.push(vendorId);
    this.emissions.push(emission);
  }
}
