/** What the newly imported logs of a provider must say before a receipt is issued. */
export interface WitnessNeed {
  readonly provider: string;
  /** Log formats that witness this provider; empty where it was configured to have none, null where nobody has said. */
  readonly formats: readonly string[] | null;
  /** From before the first call to after the last effect has had its longest time (RFC 3339). */
  readonly from: string;
  readonly to: string;
  /** When a restore gave access back: what is used from then on says nothing of the revocation; null without one. */
  readonly until: string | null;
  readonly groups: readonly { readonly group: string; readonly names: readonly string[] }[];
}

/** What the case's logs say. */
export interface LogWitness {
  readonly provider: string;
  /** `none-configured`: this provider writes no log that is read here; what is enforced rests on probes alone. */
  readonly kind: 'covered' | 'not-covered' | 'none-configured';
  /** Precisely why not, or what covers. */
  readonly why: string;
  readonly sources: readonly {
    readonly format: string;
    readonly from: string;
    readonly to: string;
    readonly files: number;
  }[];
  readonly subjects: readonly {
    readonly group: string;
    readonly lastSuccess: { readonly time: string; readonly event: string } | null;
    readonly firstDenial: { readonly time: string; readonly event: string } | null;
    /** Successes after the last effect and before a restore: the access has not ended, whatever the control plane says. */
    readonly successesAfter: number;
  }[];
}

/** Files of one log format in the case, complete or not. */
export interface LogFile {
  readonly format: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly status: 'partial' | 'complete' | 'skipped';
}

const hour = 3_600_000;
/** A log that says nothing for longer than this was not being written, for all that can be known. */
export const longestSilence = 24 * hour;

/**
 * Whether logs cover a window. They do when, of one of the formats that witness the provider, completely imported files
 * hold a record at or before the window's start and a record at or after its end, and the log is nowhere silent for
 * more than a day around or within it: files from long before and long after have not seen it. Records of anybody
 * count: they show that the log was being written, so that the silence of one subject means something. `hours` are the
 * hours of each format that hold records, epoch milliseconds, ascending, at least for a day beyond both ends.
 */
export function coverage(
  need: Pick<WitnessNeed, 'formats' | 'from' | 'to'>,
  files: readonly LogFile[],
  hours: ReadonlyMap<string, readonly number[]>,
): Pick<LogWitness, 'kind' | 'why' | 'sources'> {
  if (need.formats === null) {
    return {
      kind: 'not-covered',
      why: 'nobody has said which logs witness it: set it up again with --set logs=FORMAT,…, or with logs=none',
      sources: [],
    };
  }
  if (need.formats.length === 0) {
    return {
      kind: 'none-configured',
      why: 'it was configured to have no log; enforcement rests on probes',
      sources: [],
    };
  }
  const sources = need.formats.flatMap((format) => {
    const own = files.filter((file) => file.format === format && file.status === 'complete');
    const from = own
      .map((file) => file.from ?? '')
      .filter((time) => time !== '')
      .toSorted(byTime)[0];
    const to = own
      .map((file) => file.to ?? '')
      .filter((time) => time !== '')
      .toSorted(byTime)
      .at(-1);
    return from === undefined || to === undefined ? [] : [{ format, from, to, files: own.length }];
  });
  const reaching = sources.filter(({ from, to }) => byTime(from, need.from) <= 0 && byTime(to, need.to) >= 0);
  const covering = reaching.find(({ format }) => isHeardThrough(hours.get(format) ?? [], need));
  if (covering !== undefined) {
    const { format, from, to } = covering;
    return { kind: 'covered', why: `${format} reaches from ${from} to ${to}`, sources };
  }
  if (reaching.length > 0) {
    const formats = reaching.map(({ format }) => format).join(' and ');
    const why = `${formats} has records before and after, but is silent for more than a day around ${need.from} to ${need.to}: import what lies between`;
    return { kind: 'not-covered', why, sources };
  }
  const have = sources.map(({ format, from, to }) => `${format} reaches from ${from} to ${to}`).join('; ');
  const lack = `${need.formats.join(' or ')} must reach from ${need.from} or earlier to ${need.to} or later`;
  return {
    kind: 'not-covered',
    why: have === '' ? `${lack}; none is imported` : `${lack}; ${have}`,
    sources,
  };
}

/** Whether no silence that touches the window is longer than a day. */
function isHeardThrough(hours: readonly number[], { from, to }: Pick<WitnessNeed, 'from' | 'to'>): boolean {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  let heard = Number.NEGATIVE_INFINITY;
  for (const at of hours) {
    if (at - heard > longestSilence && at > start && heard < end) return false;
    heard = at + hour;
    if (at >= end) return true;
  }
  return heard >= end;
}

function byTime(first: string, second: string): number {
  return Date.parse(first) - Date.parse(second);
}
