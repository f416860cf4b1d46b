/** What a look again at a run has found. */
export interface Found {
  readonly run: string;
  readonly round: string;
  readonly contained: boolean | null;
  readonly drifted: number;
  readonly survivors: number;
}

/** The same for people: names of runs only, nothing of a case. `good` where there is nothing to do. */
export function announcementOf({ run, round, contained, drifted, survivors }: Found): {
  readonly title: string;
  readonly body: string;
  readonly good: boolean;
} {
  const good = contained === true && survivors === 0;
  const title = good
    ? 'Still contained'
    : contained === false
      ? 'No longer contained'
      : 'Not known to be contained';
  const found = [
    ...(drifted === 0 ? [] : [`${drifted} ${drifted === 1 ? 'action' : 'actions'} drifted`]),
    ...(survivors === 0 ? [] : [`${survivors} ${survivors === 1 ? 'survivor' : 'survivors'}`]),
  ];
  return { title, body: [`${run}, ${round}`, ...found].join(': '), good };
}
