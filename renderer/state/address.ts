import { createStore } from 'zustand/vanilla';
import type { FieldName } from '#shared/domain/dimensions.ts';
import { withFilter } from '#shared/query/edit.ts';

/** The thing that the detail panel shows, e.g. `event` and its id. */
export interface Selection {
  readonly kind: string;
  readonly id: string;
}

/** Where the analyst is. All of it lies in the page's address, so that back, forward and a copied link work. */
export interface Address {
  readonly view: string;
  /** Part of the view that is shown, which may have parts of its own (`a/b`); null is its first. */
  readonly tab: string | null;
  /** The view's order, in its own words; null is its usual one. */
  readonly sort: string | null;
  readonly query: string;
  /** RFC 3339; null leaves the range open. */
  readonly from: string | null;
  readonly to: string | null;
  readonly selected: Selection | null;
}

const home: Address = {
  view: 'overview',
  tab: null,
  sort: null,
  query: '',
  from: null,
  to: null,
  selected: null,
};

/** `push` makes an entry that “back” returns from; `replace` is for steps that nobody wants to go back through. */
type HistoryMode = 'push' | 'replace';

export interface AddressActions {
  readonly go: (change: Partial<Address>, mode?: HistoryMode) => void;
  /** The address of a change, for a link's `href`; made once for each change that is kept, since hundreds show. */
  readonly hrefFor: (change: Partial<Address>) => string;
  /** Shows the events with (or without) this value of a field. Null stands for “has none”. */
  readonly filterFor: (field: FieldName, value: string | null) => void;
  readonly filterOut: (field: FieldName, value: string | null) => void;
}

export type AddressPage = Pick<Window, 'location' | 'history' | 'addEventListener'>;

export function createAddress(page: AddressPage) {
  return createStore<Address & AddressActions>()((set, get) => {
    const history = createHistory(page, () => formatAddress(get()));
    const follow = (): void => {
      history.drop();
      set(parseAddress(page.location.hash));
    };
    page.addEventListener('popstate', follow);
    page.addEventListener('hashchange', follow);
    page.addEventListener('pagehide', history.settle);

    const go: AddressActions['go'] = (change, mode = 'push') => {
      const next = moved(get(), change);
      const hash = formatAddress(next);
      if (hash === formatAddress(get())) return;
      if (mode === 'push') history.push(hash);
      set(next);
      if (mode === 'replace') history.replace();
    };
    const filter = (field: FieldName, value: string | null, negated: boolean): void =>
      go({ view: 'events', query: withFilter(get().query, field, value, negated) });

    const hrefs = new WeakMap<Partial<Address>, KnownHref>();
    const hrefFor: AddressActions['hrefFor'] = (change) => {
      const from = get();
      const known = hrefs.get(change);
      if (known?.from === from) return known.href;
      const to = moved(from, change);
      // Most links name a query of their own: another one in force changes nothing of them.
      const href = known !== undefined && isSame(known.to, to) ? known.href : formatAddress(to);
      hrefs.set(change, { from, to, href });
      return href;
    };

    return {
      ...parseAddress(page.location.hash),
      go,
      hrefFor,
      filterFor: (field, value) => filter(field, value, false),
      filterOut: (field, value) => filter(field, value, true),
    };
  });
}

interface KnownHref {
  readonly from: Address;
  readonly to: Address;
  readonly href: string;
}

function isSame(one: Address, other: Address): boolean {
  return (
    one.view === other.view &&
    one.tab === other.tab &&
    one.sort === other.sort &&
    one.query === other.query &&
    one.from === other.from &&
    one.to === other.to &&
    one.selected?.kind === other.selected?.kind &&
    one.selected?.id === other.selected?.id
  );
}

/** Milliseconds between two replaced addresses. Browsers stop pages that are quicker: a row held down is. */
const pace = 250;

/** Writes addresses into the page's history. A replaced one may come later; the last always does. */
function createHistory(page: AddressPage, current: () => string) {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const write = (): void => {
    waiting = undefined;
    writtenAt = performance.now();
    page.history.replaceState(null, '', current());
  };
  const drop = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  const settle = (): void => {
    if (waiting === undefined) return;
    drop();
    write();
  };
  return {
    drop,
    settle,
    push(hash: string): void {
      settle();
      page.history.pushState(null, '', hash);
    },
    replace(): void {
      const rest = pace - (performance.now() - writtenAt);
      if (rest <= 0) write();
      else waiting ??= setTimeout(write, rest);
    },
  };
}

/** Another view starts on its first tab and in its usual order unless the change names others. */
function moved(address: Address, change: Partial<Address>): Address {
  const otherView = change.view !== undefined && change.view !== address.view;
  const { view, tab, sort, query, from, to, selected } = {
    ...address,
    ...(otherView ? { tab: null, sort: null } : {}),
    ...change,
  };
  return { view, tab, sort, query, from, to, selected };
}

/** `#/events?query=…&from=…&to=…&selected=event:…`; anything unreadable falls back to the default. */
export function parseAddress(hash: string): Address {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const parameters = new URLSearchParams(search);
  const [view = '', ...rest] = path.split('/');
  const tab = rest.join('/');
  const [kind = '', ...id] = (parameters.get('selected') ?? '').split(':');
  return {
    view: view === '' ? home.view : view,
    tab: tab === '' ? null : tab,
    sort: parameters.get('sort'),
    query: parameters.get('query') ?? '',
    from: parameters.get('from'),
    to: parameters.get('to'),
    selected: kind === '' || id.length === 0 ? null : { kind, id: id.join(':') },
  };
}

export function formatAddress({ view, tab, sort, query, from, to, selected }: Address): string {
  const parameters = new URLSearchParams();
  if (query !== '') parameters.set('query', query);
  if (from !== null) parameters.set('from', from);
  if (to !== null) parameters.set('to', to);
  if (sort !== null) parameters.set('sort', sort);
  if (selected !== null) parameters.set('selected', `${selected.kind}:${selected.id}`);
  const search = parameters.toString();
  return `#/${view}${tab === null ? '' : `/${tab}`}${search === '' ? '' : `?${search}`}`;
}
