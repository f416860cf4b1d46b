import { hoursOf, timeText, type Hour } from './clock.ts';
import { CloudActivity } from './cloudtrail/activity.ts';
import { Sessions } from './cloudtrail/sessions.ts';
import { createCompany } from './company.ts';
import { Delivery, type SampleFile } from './delivery.ts';
import { Streams, type Emission } from './emission.ts';
import { plantIncident } from './incident.ts';
import { ClusterActivity, clusters } from './kubernetes/activity.ts';
import { Planted } from './planted.ts';
import { plantQuiet } from './quiet.ts';
import { Random } from './random.ts';
import { Tally, type SampleTruth } from './truth.ts';

export type { SampleFile } from './delivery.ts';
export { type PlantedFinding, sampleDirectories } from './directories.ts';
export { type SampleBundle, samplePolicies } from './policies.ts';
export type { SampleTruth } from './truth.ts';

export interface SampleOptions {
  /** Same seed and options, same bytes. */
  readonly seed: number;
  /** First day, `2026-09-01T00:00:00Z`. */
  readonly start: string;
  readonly days: number;
  /** Events to write, planted ones included, duplicates not; exact to within one. At least `fewestEvents`. */
  readonly events: number;
  readonly cloudtrailOnly?: boolean;
  /** Hex SHA-256 of a text. With it CloudTrail's digest files are made, whose hashes are then true. */
  readonly sha256?: (text: string) => string;
}

const fewestEvents = 1000;
/** The sample case that the console opens. */
export const sampleCase = {
  seed: 20_260_901,
  start: '2026-09-01T00:00:00Z',
  days: 30,
  events: 24_000,
} as const;

/** Share of Kubernetes events where there are any. */
const clusterShare = 0.3;
/** When the incident begins: at night, after three quarters of the period. */
const incidentDay = 0.75;
const incidentHour = 2 + 41 / 60;
const hourMs = 3_600_000;

/**
 * Writes the logs of an invented company as a sequence of files, and at the end what is true of them. One file is
 * held at a time, so any number of events can be made. Pure: no I/O, no clock.
 */
export function* generateCompany(options: SampleOptions): Generator<SampleFile, SampleTruth, void> {
  const start = Date.parse(options.start);
  if (!Number.isFinite(start)) throw new RangeError('start: expected a time such as 2026-09-01T00:00:00Z.');
  if (options.days < 4 || options.events < fewestEvents) {
    throw new RangeError(`Expected at least 4 days and ${fewestEvents} events.`);
  }
  const random = new Random(options.seed);
  const company = createCompany(random);
  const streams = new Streams();
  const tally = new Tally();
  const delivery = new Delivery(random, tally, options.sha256);
  const isWanted = options.cloudtrailOnly === true ? isOfTrail : () => true;
  const emit = (emission: Emission): void => {
    if (!isWanted(emission)) return;
    tally.event(emission);
    delivery.add(emission);
  };
  const planted = new Planted(random, streams);
  const dormant = plantQuiet(planted, random, company, start);
  const incident = plantIncident(
    planted,
    random,
    company,
    start + Math.floor(options.days * incidentDay) * 24 * hourMs + incidentHour * hourMs,
    options.cloudtrailOnly !== true,
  );
  const story = planted.emissions.filter(isWanted);

  const sessions = new Sessions(random, company, streams, emit, instancesOf(options));
  const cloud = new CloudActivity(random, company, streams, sessions, emit);
  const inClusters =
    options.cloudtrailOnly === true
      ? []
      : clusters.map((name) => new ClusterActivity(random, company, streams, sessions, emit, name));
  const hours = hoursOf(start, options.days);
  const pace = new Pace(hours, options.events - story.length);
  let told = 0;
  const tell = (before: string): void => {
    for (let next = story[told]; next !== undefined && next.time < before; next = story[++told]) emit(next);
  };

  for (const hour of hours) {
    const until = pace.after(hour);
    const first = tally.events - told;
    for (let made = first; made < until; made = tally.events - told) {
      const second = Math.floor(((made - first) / (until - first)) * 3600);
      if (random.chance(clusterShare) && inClusters.length > 0) random.pick(inClusters).step(hour, second);
      else cloud.step(hour, second);
      yield* delivery.full(hour.start + second * 1000);
      if (told < story.length) tell(timeText(hour.start + second * 1000));
    }
    const end = hour.start + hourMs;
    tell(timeText(end));
    if (hour.prefix.endsWith('T23:')) yield* delivery.endOfDay(end - 1000);
  }
  return tally.truth({
    seed: options.seed,
    from: timeText(start),
    to: timeText(start + options.days * 24 * hourMs),
    incident,
    dormant:
      options.cloudtrailOnly === true ? dormant.filter(({ subject }) => subject.startsWith('arn:')) : dormant,
  });
}

/** The more is logged, the larger the company: of each workload up to 48 copies run side by side. */
function instancesOf({ events, days }: SampleOptions): number {
  return Math.min(48, Math.max(1, Math.round(events / days / 600)));
}

function isOfTrail({ stream }: Emission): boolean {
  return stream.kind === 'cloudtrail';
}

/** Spreads the events over the hours by how busy each is. */
class Pace {
  readonly #events: number;
  readonly #sum: number;
  #passed = 0;

  constructor(hours: readonly Hour[], events: number) {
    this.#events = events;
    this.#sum = hours.reduce((sum, hour) => sum + weight(hour), 0);
  }

  /** How many events there are when the hour is over. */
  after(hour: Hour): number {
    this.#passed += weight(hour);
    return Math.round((this.#passed / this.#sum) * this.#events);
  }
}

function weight(hour: Hour): number {
  return hour.people * 0.5 + hour.programs;
}
