import { isObject, type Json, type JsonObject, textAt } from '../../../domain/json.ts';
import type { ElementState } from '../../../domain/policy-change.ts';
import type { ElementName } from './names.ts';
import { lists, ownerOfArn } from './pages.ts';
import { isAuthorizationDetails } from '../bundle/authorization-details.ts';
import { unknownDocument } from './unknown.ts';

type Owner = NonNullable<ElementName['owner']>;
type Item = Record<string, Json>;

/** A file under change. */
export interface Draft {
  readonly path: string;
  readonly content: Json;
  readonly isTouched: boolean;
  touch(): void;
  find(list: string, wanted: (item: JsonObject) => boolean): Item | null;
  remove(list: string, unwanted: (item: JsonObject) => boolean): void;
  add(list: string, item: Item): Item;
}

function itemsOf(page: JsonObject, list: string): Json[] {
  const items = page[list];
  return Array.isArray(items) ? (items as Json[]) : [];
}

/** A copy of a parsed file that can be changed. */
export function draftOf(path: string, original: Json): Draft {
  const content = structuredCopy(original);
  const pages = (Array.isArray(content) ? (content as Json[]) : [content]).filter(isAuthorizationDetails);
  let isTouched = false;
  return {
    path,
    content,
    get isTouched() {
      return isTouched;
    },
    touch: () => {
      isTouched = true;
    },
    find(list, wanted) {
      for (const page of pages) {
        const found = itemsOf(page, list).find((item) => isObject(item) && wanted(item));
        if (found !== undefined) return found as Item;
      }
      return null;
    },
    remove(list, unwanted) {
      for (const page of pages) {
        const items = itemsOf(page, list);
        const kept = items.filter((item) => !isObject(item) || !unwanted(item));
        if (kept.length === items.length) continue;
        isTouched = true;
        (page as Item)[list] = kept;
      }
    },
    add(list, item) {
      isTouched = true;
      const page = pages[0] as Item | undefined;
      if (page !== undefined) page[list] = [...itemsOf(page, list), item];
      return item;
    },
  };
}

function structuredCopy(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Users, roles and groups in the files, and what belongs to them. */
export class Owners {
  readonly #drafts: readonly Draft[];
  readonly #extra: Draft;
  readonly #found = new Map<string, { readonly draft: Draft; readonly item: Item } | null>();

  constructor(drafts: readonly Draft[], extra: Draft) {
    this.#drafts = drafts;
    this.#extra = extra;
  }

  /** Puts the user, role or group itself. */
  put(owner: Owner, state: ElementState): void {
    const { kind, account, name } = owner;
    const key = keyOf(owner);
    if (state.kind === 'known' && state.value === null) {
      for (const draft of [...this.#drafts, this.#extra]) draft.remove(lists[kind].list, isOwner(owner));
      this.#found.set(key, null);
      return;
    }
    const { list, name: nameKey, inline } = lists[kind];
    const told = state.kind === 'known' && isObject(state.value) ? state.value : {};
    const arn = textAt(told, 'arn') ?? `arn:aws:iam::${account}:${kind}/${name}`;
    let found = this.#find(owner);
    if (found === null) {
      const item: Item = { [nameKey]: name, Arn: arn, [inline]: [], AttachedManagedPolicies: [] };
      found = { draft: this.#extra, item: this.#extra.add(list, item) };
      this.#found.set(key, found);
    } else if (textAt(told, 'arn') !== null) found.item['Arn'] = arn;
    if (state.kind === 'unknown') this.#doubt(owner, found.item, 'what it holds', state.why);
    found.draft.touch();
  }

  putFacet(facet: string, owner: Owner, rest: readonly string[], state: ElementState): void {
    const found = this.#find(owner);
    if (found === null) return;
    const { draft, item } = found;
    const why = state.kind === 'unknown' ? state.why : null;
    const value = state.kind === 'known' ? state.value : null;
    switch (facet) {
      case 'inline': {
        const document = why === null ? value : unknownDocument(why);
        replaceIn(item, lists[owner.kind].inline, 'PolicyName', rest[0] ?? '', document, 'PolicyDocument');
        break;
      }
      case 'attached': {
        const arn = rest[1] ?? '';
        replaceIn(item, 'AttachedManagedPolicies', 'PolicyArn', arn, value);
        if (why !== null) this.#doubt(owner, item, arn, why);
        break;
      }
      case 'member': {
        const group = rest[2] ?? '';
        const listed = item['GroupList'];
        const others = (Array.isArray(listed) ? (listed as readonly Json[]) : []).filter(
          (each) => each !== group,
        );
        item['GroupList'] = value === null ? others : [...others, group];
        if (why !== null) this.#doubt(owner, item, `group ${group}`, why);
        break;
      }
      case 'id':
        if (value === null) return;
        item[lists[owner.kind].id] = value;
        break;
      case 'boundary':
        if (why !== null) this.#unknownBoundary(item, owner, why);
        else if (value === null) delete item['PermissionsBoundary'];
        else
          item['PermissionsBoundary'] = { PermissionsBoundaryArn: value, PermissionsBoundaryType: 'Policy' };
        break;
      case 'trust':
        item['AssumeRolePolicyDocument'] = why === null ? value : unknownDocument(why);
        break;
      case 'tags':
        if (why !== null) assume(item, `The tags of ${owner.name} are not known: ${why}`);
        else item['Tags'] = value ?? {};
        break;
      default:
        return;
    }
    if (state.kind === 'known' && state.assumed !== undefined) {
      assume(item, `${[facet, ...rest].join(' ')} of ${owner.name}: ${state.assumed}`);
    }
    draft.touch();
  }

  /** Something that it may have, and that says what is not known. */
  #doubt({ kind }: Owner, item: Item, name: string, why: string): void {
    const { inline } = lists[kind];
    replaceIn(item, inline, 'PolicyName', `unknown: ${name}`, unknownDocument(why), 'PolicyDocument');
  }

  #unknownBoundary(item: Item, { account, name }: Owner, why: string): void {
    const arn = `arn:aws:iam::${account}:policy/unknown-boundary-of-${name}`;
    item['PermissionsBoundary'] = { PermissionsBoundaryArn: arn, PermissionsBoundaryType: 'Policy' };
    this.#extra.add('Policies', {
      PolicyName: `boundary of ${name}`,
      Arn: arn,
      PolicyVersionList: [{ VersionId: 'unknown', IsDefaultVersion: true, Document: unknownDocument(why) }],
    });
  }

  #find(owner: Owner): { readonly draft: Draft; readonly item: Item } | null {
    const key = keyOf(owner);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    let found: { readonly draft: Draft; readonly item: Item } | null = null;
    for (const draft of this.#drafts) {
      const item = draft.find(lists[owner.kind].list, isOwner(owner));
      if (item !== null) found = { draft, item };
    }
    this.#found.set(key, found);
    return found;
  }
}

function keyOf({ kind, account, name }: Owner): string {
  return `${kind} ${account} ${name}`;
}

function isOwner({ kind, account, name }: Owner): (item: JsonObject) => boolean {
  return (item) => {
    const own = ownerOfArn(kind, item);
    return own?.account === account && own.name === name;
  };
}

/** Puts something into a list of named things, or takes it out where the value is null. */
function replaceIn(item: Item, list: string, key: string, name: string, value: Json, field?: string): void {
  const items = item[list];
  const others = (Array.isArray(items) ? (items as readonly Json[]) : []).filter(
    (each) => !isObject(each) || textAt(each, key) !== name,
  );
  const entry = { [key]: name, ...(field === undefined ? {} : { [field]: value }) };
  item[list] = value === null ? others : [...others, entry];
}

function assume(item: Item, text: string): void {
  const known = item['AssumedBecause'];
  item['AssumedBecause'] = [...(Array.isArray(known) ? (known as readonly Json[]) : []), text];
}
