/** What an identity did, by what stands out: its actions and where they came from. */
export interface Behaviour {
  readonly group: string;
  /** `action ip` pairs with the time of the first (RFC 3339). */
  readonly features: readonly { readonly action: string; readonly ip: string; readonly first: string }[];
}

/** Something that an identity does after a restore and never did before the incident. */
export interface Deviation {
  readonly group: string;
  readonly what: string;
  readonly at: string;
}

/**
 * Compares what an identity does since it was given back with what it did before the incident. An address or an
 * action that was never seen is a deviation; a known action from a known address is not, in whatever combination.
 */
export function deviations(baseline: readonly Behaviour[], since: readonly Behaviour[]): Deviation[] {
  const known = new Map(
    baseline.map(({ group, features }) => [
      group,
      {
        actions: new Set(features.map(({ action }) => action)),
        addresses: new Set(features.map(({ ip }) => ip)),
      },
    ]),
  );
  return since.flatMap(({ group, features }) => {
    const before = known.get(group);
    return features.flatMap(({ action, ip, first }) => {
      const news = [
        ...(before?.actions.has(action) === true ? [] : [`action ${action}`]),
        ...(ip === '' || before?.addresses.has(ip) === true ? [] : [`address ${ip}`]),
      ];
      return news.length === 0
        ? []
        : [{ group, what: `${news.join(', ')} was never seen before`, at: first }];
    });
  });
}
