import type { AccessEvent } from './event.ts';
import type { Json, JsonObject } from './json.ts';
import type { BundleSource } from './policy-system.ts';

/**
 * How policies change one element at a time. An element is the smallest thing that a call changes by itself (an inline
 * policy, an attachment, a role); its name is made of words, and what belongs to something bears its name within
 * (`inline user 111122223333 ann reports` belongs to `user 111122223333 ann`).
 */
export type ElementState =
  /** `value` is null where it is not there. `assumed` says what was taken for granted. */
  | { readonly kind: 'known'; readonly value: Json; readonly assumed?: string }
  /** `blank`: it was made anew, so that nothing of what stood there before holds. */
  | { readonly kind: 'unknown'; readonly why: string; readonly blank?: true };

/** Elements by name; one that is not listed is not there. */
export type PolicyState = ReadonlyMap<string, ElementState>;

/** What a call did to one element. */
export type PolicyEffect =
  /** `fresh`: the call fails where it is there already, so it was not. */
  | {
      readonly kind: 'set';
      readonly element: string;
      readonly value: Json;
      readonly fresh?: true;
      /** What it was before, where the call tells that. */
      readonly before?: Json;
    }
  /** It has another content now that the log does not tell. */
  | { readonly kind: 'lose'; readonly element: string; readonly why: string; readonly fresh?: true }
  /** The call succeeds also where it is so already. */
  | { readonly kind: 'add'; readonly element: string; readonly value: Json }
  /** The call fails where it is not there, so it was; what belongs to it goes with it. */
  | { readonly kind: 'unset'; readonly element: string }
  /** The call succeeds also where it is not there. */
  | { readonly kind: 'drop'; readonly element: string }
  /** RFC 7396 merge patch, RFC 6902 JSON patch, or what the one member of a list is known by that is taken out. */
  | {
      readonly kind: 'patch';
      readonly element: string;
      readonly form: 'merge' | 'json' | 'without';
      readonly patch: Json;
      /** What is not there is changed as if it were empty. */
      readonly orNothing?: true;
      /** What a JSON patch changes where it is not there. */
      readonly nothing?: Json;
    }
  /** Everything whose name begins so; with a reason only some of it, and which is not known. */
  | { readonly kind: 'sweep'; readonly prefix: string; readonly why?: string }
  /** Something whose name begins so has another content now, or is new or gone; which one is not told. */
  | { readonly kind: 'blur'; readonly prefix: string; readonly why: string }
  /** Everything whose name begins so becomes exactly these elements. */
  | {
      readonly kind: 'replace';
      readonly prefix: string;
      readonly values: Readonly<Record<string, Json>>;
    }
  /** `value` is merged into what it held; texts that end with its old name end with the new one. */
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly value: Json }
  /** The content of a version, which never changes: it was no other before. */
  | { readonly kind: 'learn'; readonly element: string; readonly value: Json };

/** A logged call that changed policies. */
export interface PolicyChange {
  readonly event: string;
  /** RFC 3339. */
  readonly time: string;
  readonly operation: string;
  readonly effects: readonly PolicyEffect[];
  /** Why it cannot be said what was changed. */
  readonly unclear?: string;
}

/** What a logged call did; null where it changed no policy. */
export type ReadChange = (
  event: AccessEvent,
  record: JsonObject,
) => Pick<PolicyChange, 'effects' | 'unclear'> | null;

/** How a policy system's bundles are taken apart into elements and put together again. */
export interface PolicyHistory {
  /** The elements of a bundle; null where its form holds no state that calls change (a policy set). */
  elementsOf(source: BundleSource): ReadonlyMap<string, Json> | null;
  /**
   * The part of the world (an account) that an element belongs to: a bundle tells everything of the parts of which it
   * has something. Empty: every bundle tells
   * everything. Null: a bundle may have it or not, which says nothing. Undefined: no bundle has it, only the log tells
   * of it, from the bundle on that is nearest.
   */
  scopeOf(element: string): string | null | undefined;
  /** The value with all left out that makes no difference, so that two can be compared. */
  canonical(element: string, value: Json): Json;
  /** The bundle with other states for these elements. What is unknown stays visible in it, and leads to no decision. */
  rebuild(source: BundleSource, states: PolicyState): BundleSource;
}

/** What a case's log tells of changes of the policies of a system. */
export interface LoggedChanges {
  /** In the order of time. */
  readonly changes: readonly PolicyChange[];
  /** Over which time the log that would tell them reaches; null where there is none. */
  readonly first: string | null;
  readonly last: string | null;
  /** There are more than could be read. */
  readonly truncated: boolean;
}
