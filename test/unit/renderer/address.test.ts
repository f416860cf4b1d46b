import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  type Address,
  type AddressPage,
  createAddress,
  formatAddress,
  parseAddress,
} from '#renderer/state/address.ts';

const text = fc.string({ unit: 'binary' });
const addresses: fc.Arbitrary<Address> = fc.record({
  view: fc.constantFrom('overview', 'events', 'evidence'),
  tab: fc.constantFrom(null, 'rejected'),
  sort: fc.constantFrom(null, 'time'),
  query: text,
  from: fc.option(text),
  to: fc.option(text),
  selected: fc.option(fc.record({ kind: fc.constantFrom('event', 'file'), id: text })),
});

test('an address says the same after it was written and read', () => {
  fc.assert(
    fc.property(addresses, (address) => {
      expect(parseAddress(formatAddress(address))).toEqual(address);
    }),
  );
});

test('an address that someone mangled leads somewhere', () => {
  expect(parseAddress('#/?%ZZ&selected=nothing')).toMatchObject({ view: 'overview', selected: null });
  expect(parseAddress('')).toMatchObject({ view: 'overview', query: '' });
});

/** A page with a history, as far as the address uses one. */
function pageAt(hash: string): AddressPage & { readonly back: () => void; readonly depth: () => number } {
  const entries = [hash];
  const listeners: (() => void)[] = [];
  return {
    location: {
      get hash() {
        return entries.at(-1) ?? '';
      },
    },
    history: {
      pushState: (_state: unknown, _title: string, address: string) => void entries.push(address),
      replaceState: (_state: unknown, _title: string, address: string) => void entries.splice(-1, 1, address),
    },
    addEventListener: (_type: string, listener: () => void) => void listeners.push(listener),
    back() {
      entries.pop();
      for (const listener of listeners) listener();
    },
    depth: () => entries.length,
  } as unknown as AddressPage & { readonly back: () => void; readonly depth: () => number };
}

describe('moving about', () => {
  test('back returns to the query of before', () => {
    const page = pageAt('#/events?query=outcome%3Adeny');
    const store = createAddress(page);
    store.getState().filterFor('ip', '10.0.0.1');
    expect(store.getState().query).toBe('outcome:deny ip:10.0.0.1');
    page.back();
    expect(store.getState().query).toBe('outcome:deny');
  });

  test('filtering out what was filtered for replaces it, and lands on the events', () => {
    const store = createAddress(pageAt('#/overview'));
    store.getState().filterFor('service', 's3');
    store.getState().filterOut('service', 's3');
    expect(store.getState()).toMatchObject({ view: 'events', query: '-service:s3' });
  });

  test('a step to where one is already makes no entry', () => {
    const page = pageAt('#/events');
    const store = createAddress(page);
    store.getState().go({ view: 'events' });
    store.getState().go({ query: 'x' }, 'replace');
    expect(page.depth()).toBe(1);
  });

  test('another view starts on its first tab with the same query', () => {
    const store = createAddress(pageAt('#/evidence/rejected?query=x'));
    store.getState().go({ view: 'events' });
    expect(store.getState()).toMatchObject({ tab: null, query: 'x' });
  });

  test('steps that follow each other quickly reach the history seldom, but the last one always does', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const page = pageAt('#/events');
      const replaced = vi.spyOn(page.history, 'replaceState');
      const store = createAddress(page);
      for (let row = 0; row < 100; row++) {
        store.getState().go({ selected: { kind: 'event', id: String(row) } }, 'replace');
        vi.advanceTimersByTime(30);
      }
      vi.advanceTimersByTime(1_000);
      expect(replaced.mock.calls.length).toBeLessThan(20);
      expect(parseAddress(page.location.hash).selected?.id).toBe('99');

      store.getState().go({ selected: { kind: 'event', id: 'a' } }, 'replace');
      store.getState().go({ selected: { kind: 'event', id: 'b' } }, 'replace');
      store.getState().go({ query: 'x' });
      page.back();
      expect(store.getState()).toMatchObject({ query: '', selected: { id: 'b' } });
    } finally {
      vi.useRealTimers();
    }
  });
});
