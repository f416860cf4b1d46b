import { isObject } from '#shared/domain/json.ts';

/**
 * Where the parts of the view lie: `event/ID`, `event/ID/BUNDLE`, `bundles`, `bundles/ID`, `bundles/ID/OTHER`,
 * `what-if`, `what-if/event/ID`, `what-if/event/ID/BUNDLE`, `what-if/ask/BUNDLE/REQUEST`, `tests`, `tests/NAME`,
 * `replay`.
 */
export function traceTab(event: string, bundle: string | null = null): string {
  return bundle === null ? `event/${event}` : `event/${event}/${bundle}`;
}

export function bundleTab(bundle: string, other: string | null = null): string {
  return other === null ? `bundles/${bundle}` : `bundles/${bundle}/${other}`;
}

export function whatIfTab(event: string, bundle: string | null = null): string {
  return `what-if/${traceTab(event, bundle)}`;
}

/** `request` is an evaluation request, or what shall become one. */
export function whatIfAskTab(bundle: string, request: object): string {
  return `what-if/ask/${bundle}/${encodeURIComponent(JSON.stringify(request))}`;
}

export function testsTab(name: string | null): string {
  return name === null ? 'tests' : `tests/${encodeURIComponent(name)}`;
}

/** The request that an address holds; null where it holds none. */
export function requestOfTab(text: string): Readonly<Record<string, unknown>> | null {
  const decoded = decodedText(text);
  try {
    const value: unknown = JSON.parse(decoded ?? '');
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** What a what-if starts from. */
export type WhatIfBase =
  | { readonly kind: 'event'; readonly event: string; readonly bundle: string | null }
  | { readonly kind: 'ask'; readonly bundle: string; readonly request: string };

const parts = ['trace', 'bundles', 'what-if', 'tests', 'replay'] as const;
type Part = (typeof parts)[number];

export interface TracePlace {
  readonly part: Part;
  /** The event, the bundle, or the name of a file of tests. */
  readonly id: string | null;
  /** The bundle that it is compared under or with. */
  readonly other: string | null;
  readonly base: WhatIfBase | null;
}

export function placeOfTab(tab: string | null): TracePlace {
  const [first = '', id = '', other = '', more = ''] = (tab ?? '').split('/');
  const part = parts.find((each) => each === first) ?? 'trace';
  if (part === 'what-if') return { part, id: null, other: null, base: baseOf(id, other, more) };
  return {
    part,
    id: id === '' ? null : part === 'tests' ? decodedText(id) : id,
    other: other === '' ? null : other,
    base: null,
  };
}

function baseOf(kind: string, id: string, more: string): WhatIfBase | null {
  if (id === '') return null;
  if (kind === 'event') return { kind, event: id, bundle: more === '' ? null : more };
  return kind === 'ask' && more !== '' ? { kind, bundle: id, request: more } : null;
}

function decodedText(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
