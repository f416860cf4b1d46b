import { arrayAt, isObject, type Json, type JsonObject, textAt } from '../../../domain/json.ts';
import type { ElementState, PolicyState } from '../../../domain/policy-change.ts';
import { fullAccessPolicies } from '../bundle/known-policies.ts';
import { canonical } from './canonical.ts';
import {
  type OrganizationKind,
  organizationDocument,
  organizationId,
  organizationMade,
  organizationMark,
  organizationPlace,
  parseName,
} from './names.ts';
import { unknownDocument } from './unknown.ts';

type Node = Record<string, Json>;

const kinds: readonly OrganizationKind[] = ['scp', 'rcp'];
/** Units nest five deep; what nests deeper than this is no organization of AWS. */
const deepest = 32;

/** Policies and the places of accounts in `organization.json`. */
export function organizationElements(document: JsonObject, elements: Map<string, Json>): void {
  elements.set(organizationMark, true);
  walk(document, (node, unit) => {
    for (const kind of kinds) {
      for (const entry of arrayAt(node, kind)) {
        const name = isObject(entry) ? textAt(entry, 'name') : null;
        const policy = isObject(entry) ? entry['policy'] : undefined;
        if (name !== null && policy !== undefined)
          elements.set(organizationDocument(kind, name), canonical(policy));
      }
    }
    const [account, place] = [textAt(node, 'id'), unit === null ? null : textAt(unit, 'id')];
    if (account !== null && place !== null) elements.set(organizationPlace(account), place);
  });
}

/** Calls `visit` for units and accounts, with the unit where it is an account. */
function walk(document: JsonObject, visit: (node: JsonObject, unit: JsonObject | null) => void): void {
  const go = (unit: JsonObject, depth: number): void => {
    visit(unit, null);
    for (const account of arrayAt(unit, 'accounts'))
      visit(isObject(account) ? account : { id: account }, unit);
    if (depth >= deepest) return;
    for (const inner of arrayAt(unit, 'units')) if (isObject(inner)) go(inner, depth + 1);
  };
  const { root } = document;
  if (isObject(root)) go(root, 0);
}

/** Puts other states for some elements into the organization. */
export function rebuildOrganization(document: JsonObject, states: PolicyState): void {
  new Organization(document, states).rebuild();
}

class Organization {
  readonly #document: JsonObject;
  readonly #states: PolicyState;
  readonly #root: Node;
  readonly #nodes = new Map<string, Node>();
  /** Documents by kind and name. */
  readonly #documents = new Map<string, Json>();

  constructor(document: JsonObject, states: PolicyState) {
    this.#document = document;
    this.#states = states;
    this.#root = document['root'] as Node;
  }

  rebuild(): void {
    walk(this.#document, (unit) => {
      if (!Array.isArray(unit['accounts'])) return;
      const accounts = arrayAt(unit, 'accounts');
      (unit as Node)['accounts'] = accounts.map((each) => (isObject(each) ? each : { id: each ?? null }));
    });
    walk(this.#document, (node) => {
      const id = textAt(node, 'id');
      if (id !== null) this.#nodes.set(id, node as Node);
      for (const kind of kinds) this.#putDocuments(node as Node, kind);
    });
    this.#makeUnits();
    this.#renamed();
    for (const [element, state] of this.#states) {
      const { facet, rest } = parseName(element);
      if (facet === 'organization-type' && state.kind === 'unknown') this.#blurAll(kindIn(rest), state.why);
    }
    // Accounts first: policies are attached to those that are new, too.
    for (const [element, state] of this.#states) {
      const { facet, rest } = parseName(element);
      if (facet === 'organization-place') this.#place(rest[0] ?? '', state);
    }
    for (const [element, state] of this.#states) {
      const { facet, rest } = parseName(element);
      if (facet === 'organization-attached') this.#attach(rest[0] ?? '', rest[1] ?? '', state);
    }
  }

  /** Units that were made since, below the root or another unit, as long as one is found. */
  #makeUnits(): void {
    const made = new Map<string, string>();
    for (const [element, state] of this.#states) {
      const { facet, rest } = parseName(element);
      if (facet !== 'organization-unit' || state.kind !== 'known' || typeof state.value !== 'string')
        continue;
      if (!this.#nodes.has(rest[0] ?? '')) made.set(rest[0] ?? '', state.value);
    }
    for (let before = -1; before !== made.size; ) {
      before = made.size;
      for (const [id, parent] of made) {
        const above = this.#unitOf(parent);
        if (above === undefined) continue;
        const unit = this.#newUnit(id);
        above['units'] = [...arrayAt(above, 'units'), unit];
        this.#nodes.set(id, unit);
        made.delete(id);
      }
    }
  }

  /** AWS attaches its own policies to a new unit, of every kind that is switched on. */
  #newUnit(id: string): Node {
    const unit: Node = { id, accounts: [], units: [] };
    if (Array.isArray(this.#root['scp'])) unit['scp'] = [{ name: 'FullAWSAccess' }];
    if (Array.isArray(this.#root['rcp'])) unit['rcp'] = [always];
    return unit;
  }

  #unitOf(id: string): Node | undefined {
    return this.#nodes.get(id) ?? (id.startsWith('r-') ? this.#root : undefined);
  }

  #putDocuments(node: Node, kind: OrganizationKind): void {
    if (!Array.isArray(node[kind])) return;
    node[kind] = arrayAt(node, kind).map((entry): Json => {
      const name = nameOf(entry);
      if (name === null) return entry ?? null;
      const element = organizationDocument(kind, name);
      const state = this.#states.get(element);
      const own = isObject(entry) ? entry['policy'] : undefined;
      const why = 'The policy was made only later.';
      const policy = state === undefined ? own : (documentOf(state) ?? unknownDocument(why));
      if (policy === undefined) return entry ?? null;
      this.#documents.set(element, policy);
      return isObject(entry) ? { ...entry, policy } : { name, policy };
    });
  }

  /** A name that an update gave and that the bundle does not have was another one before. */
  #renamed(): void {
    for (const element of this.#states.keys()) {
      const { facet, rest } = parseName(element);
      const [kind, id = '', name = ''] = [kindIn(rest), rest[1], rest[2]];
      if (facet !== 'organization-updated') continue;
      const document = `organization-document ${kind} ${name}`;
      if (this.#documents.has(document) || this.#isNew(id)) continue;
      const why = 'A policy was updated or renamed, and the log does not tell which of the bundle’s it is.';
      walk(this.#document, (node) => {
        if (!Array.isArray(node[kind])) return;
        (node as Node)[kind] = arrayAt(node, kind).map((entry): Json => {
          const own = nameOf(entry);
          return own !== null && Object.hasOwn(fullAccessPolicies, own)
            ? (entry ?? null)
            : { name: own ?? 'unknown', policy: unknownDocument(why) };
        });
      });
    }
  }

  #blurAll(kind: OrganizationKind, why: string): void {
    blur(this.#root, kind, why);
    walk(this.#document, (node) => {
      if (Array.isArray(node[kind])) blur(node as Node, kind, why);
    });
  }

  /** Puts a policy to a root, unit or account, or takes it away. */
  #attach(target: string, id: string, state: ElementState): void {
    const node = this.#unitOf(target);
    if (node === undefined || (state.kind === 'known' && state.value === null)) return;
    const policy = this.#policyOf(id);
    const isAttached = state.kind === 'known' && state.value === 'attached';
    const did = isAttached ? 'attached here' : 'detached from here';
    const why =
      state.kind === 'unknown'
        ? state.why
        : `Policy ${id} was ${did}, and it is not known which policy of the bundle that is.`;
    for (const kind of policy === null ? kinds : [policy.kind]) {
      const entries = Array.isArray(node[kind]) ? arrayAt(node, kind) : null;
      if (isAttached) {
        const others = (entries ?? []).filter((entry) => nameOf(entry) !== policy?.name);
        node[kind] = [...others, policy === null ? unknownEntry(why) : this.#entryOf(policy)];
        // Nothing was said of this level: what else there is is not known.
        if (entries === null) node[kind] = [unknownEntry(why), ...arrayAt(node, kind)];
      } else if (entries !== null || state.kind === 'unknown') {
        const others = (entries ?? []).filter((entry) => nameOf(entry) !== policy?.name);
        const isTold = policy !== null && state.kind === 'known' && others.length < (entries ?? []).length;
        // What was made since the bundle was not attached in it.
        if (!isTold && state.kind === 'known' && this.#isNew(id)) continue;
        if (isTold) node[kind] = others.length === 0 && kind === 'rcp' ? [always] : others;
        else blur(node, kind, why);
      }
    }
  }

  /** Made after the bundle. */
  #isNew(id: string): boolean {
    const state = this.#states.get(organizationMade(id));
    return state?.kind === 'known' && state.value === true;
  }

  #policyOf(id: string): { readonly kind: OrganizationKind; readonly name: string } | null {
    if (id === 'p-FullAWSAccess') return { kind: 'scp', name: 'FullAWSAccess' };
    if (id === 'p-RCPFullAWSAccess') return { kind: 'rcp', name: 'RCPFullAWSAccess' };
    const state = this.#states.get(organizationId(id));
    const told = state?.kind === 'known' && isObject(state.value) ? state.value : undefined;
    const name = textAt(told, 'name');
    return name === null ? null : { kind: textAt(told, 'kind') === 'rcp' ? 'rcp' : 'scp', name };
  }

  #entryOf({ kind, name }: { readonly kind: OrganizationKind; readonly name: string }): Json {
    const element = organizationDocument(kind, name);
    const state = this.#states.get(element);
    const policy =
      (state === undefined ? null : documentOf(state)) ??
      this.#documents.get(element) ??
      fullAccessPolicies[name] ??
      unknownDocument('Its document is neither in the bundle nor in the log.');
    return { name, policy };
  }

  #place(account: string, state: ElementState): void {
    let item: Json = { id: account };
    walk(this.#document, (unit) => {
      const accounts = arrayAt(unit, 'accounts');
      const own = accounts.find((each) => isObject(each) && textAt(each, 'id') === account);
      if (own === undefined) return;
      item = own;
      (unit as Node)['accounts'] = accounts.filter((each) => each !== own);
    });
    if (state.kind === 'known' && state.value === null) return;
    if (isObject(item)) this.#nodes.set(account, item as Node);
    const place = state.kind === 'known' && typeof state.value === 'string' ? state.value : null;
    const unit = place === null ? undefined : this.#unitOf(place);
    if (unit !== undefined) {
      unit['accounts'] = [...arrayAt(unit, 'accounts'), item];
      return;
    }
    const why =
      state.kind === 'unknown' ? state.why : 'The account was moved to a unit that the bundle does not have.';
    // A unit without an id: neither its policies nor the path of the account are known.
    const between: Node = { name: 'unknown', accounts: [item] };
    for (const kind of kinds) between[kind] = [unknownEntry(why)];
    this.#root['units'] = [...arrayAt(this.#root, 'units'), between];
  }
}

function kindIn([kind]: readonly string[]): OrganizationKind {
  return kind === 'rcp' ? 'rcp' : 'scp';
}

function nameOf(entry: Json | undefined): string | null {
  return isObject(entry) ? textAt(entry, 'name') : typeof entry === 'string' ? entry : null;
}

function documentOf(state: ElementState): Json {
  return state.kind === 'unknown' ? unknownDocument(state.why) : state.value;
}

function unknownEntry(why: string): Json {
  return { name: 'unknown', policy: unknownDocument(why) };
}

/** It is attached everywhere and cannot be detached (AWS Organizations User Guide, "RCP evaluation"). */
const always: Json = { name: 'RCPFullAWSAccess' };

/** Which policies there are at this level is not known: any may be, and none. */
function blur(node: Node, kind: OrganizationKind, why: string): void {
  node[kind] = [unknownEntry(why)];
}
