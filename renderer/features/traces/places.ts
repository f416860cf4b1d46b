/** Where the parts of the view lie: `event/ID`, `event/ID/BUNDLE`, `bundles`, `bundles/ID`, `bundles/ID/OTHER`, `replay`. */
export function traceTab(event: string, bundle: string | null = null): string {
  return bundle === null ? `event/${event}` : `event/${event}/${bundle}`;
}

export function bundleTab(bundle: string, other: string | null = null): string {
  return other === null ? `bundles/${bundle}` : `bundles/${bundle}/${other}`;
}

export interface TracePlace {
  readonly part: 'trace' | 'bundles' | 'replay';
  /** The event, or the bundle. */
  readonly id: string | null;
  /** The bundle that it is compared under or with. */
  readonly other: string | null;
}

export function placeOfTab(tab: string | null): TracePlace {
  const [part = '', id = '', other = ''] = (tab ?? '').split('/');
  return {
    part: part === 'bundles' || part === 'replay' ? part : 'trace',
    id: id === '' ? null : id,
    other: other === '' ? null : other,
  };
}
