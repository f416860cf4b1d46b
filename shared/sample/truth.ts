import type { Outcome } from '../domain/event.ts';
import { companyName } from './names.ts';
import type { Emission } from './emission.ts';

/** One step of the planted incident: what happened, and which events show it. */
export interface IncidentStep {
  readonly id: string;
  readonly title: string;
  readonly subject: string;
  readonly credential: string;
  readonly from: string;
  readonly to: string;
  /** Vendor ids: CloudTrail's `eventID`, Kubernetes' `auditID/stage`. */
  readonly vendorIds: readonly string[];
}

export interface PlantedIncident {
  readonly address: string;
  readonly steps: readonly IncidentStep[];
  /** Credentials in the order in which each was made by the one before it. */
  readonly lineage: readonly {
    readonly credential: string;
    readonly madeBy: string | null;
    readonly holder: string;
  }[];
}

/** What a correct reading of the sample finds. */
export interface SampleTruth {
  readonly company: string;
  readonly seed: number;
  readonly from: string;
  readonly to: string;
  /** Files of logs, and files beside them that hold no events (digests). */
  readonly files: number;
  readonly skippedFiles: number;
  /** records = events + duplicates */
  readonly records: number;
  readonly events: number;
  readonly duplicates: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly sources: readonly SourceTruth[];
  readonly subjects: readonly SubjectTruth[];
  readonly incident: PlantedIncident;
  /** Identities that fell silent at the start of the period. */
  readonly dormant: readonly { readonly subject: string; readonly lastSeen: string }[];
}

export interface SourceTruth {
  readonly format: 'aws-cloudtrail' | 'kubernetes-audit';
  readonly events: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

export interface SubjectTruth {
  readonly subject: string;
  readonly events: number;
  readonly denied: number;
  /** Whole seconds. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

type Counts = Record<Outcome, number>;

function noCounts(): Counts {
  return { allow: 0, deny: 0, error: 0, challenge: 0, unknown: 0 };
}

/** Counts what is written while it is written. */
export class Tally {
  readonly #sources = { cloudtrail: noCounts(), kubernetes: noCounts() };
  readonly #subjects = new Map<string, { events: number; denied: number; first: string; last: string }>();
  #duplicates = 0;
  #files = 0;
  #skippedFiles = 0;
  #events = 0;

  get events(): number {
    return this.#events;
  }

  event({ stream, outcome, subject, time }: Emission): void {
    this.#events++;
    this.#sources[stream.kind][outcome]++;
    if (subject === null) return;
    const denied = outcome === 'deny' ? 1 : 0;
    const known = this.#subjects.get(subject);
    if (known === undefined) this.#subjects.set(subject, { events: 1, denied, first: time, last: time });
    else {
      known.events++;
      known.denied += denied;
      known.last = time;
    }
  }

  duplicates(count: number): void {
    this.#duplicates += count;
  }

  file(holdsEvents: boolean): void {
    if (holdsEvents) this.#files++;
    else this.#skippedFiles++;
  }

  truth(planted: Pick<SampleTruth, 'incident' | 'dormant' | 'seed' | 'from' | 'to'>): SampleTruth {
    const outcomes = noCounts();
    for (const counts of Object.values(this.#sources)) {
      for (const outcome of Object.keys(counts) as Outcome[]) outcomes[outcome] += counts[outcome];
    }
    const sources = [
      { format: 'aws-cloudtrail', outcomes: this.#sources.cloudtrail },
      { format: 'kubernetes-audit', outcomes: this.#sources.kubernetes },
    ] as const;
    return {
      company: companyName,
      seed: planted.seed,
      from: planted.from,
      to: planted.to,
      files: this.#files,
      skippedFiles: this.#skippedFiles,
      records: this.#events + this.#duplicates,
      events: this.#events,
      duplicates: this.#duplicates,
      outcomes,
      sources: sources.map((source) => ({
        ...source,
        events: Object.values(source.outcomes).reduce((sum, count) => sum + count, 0),
      })),
      subjects: [...this.#subjects]
        .map(([subject, { events, denied, first, last }]) => ({
          subject,
          events,
          denied,
          firstSeen: first,
          lastSeen: last,
        }))
        .toSorted((a, b) => (a.subject < b.subject ? -1 : 1)),
      incident: planted.incident,
      dormant: planted.dormant,
    };
  }
}
