import { dutiesOf, matrixOf } from '#shared/analysis/ownership/matrix.ts';
import { type GatheredIdentities, gatherIdentities } from '#shared/analysis/identities/gather.ts';
import { type Inventory, judgeInventory } from '#shared/analysis/identities/inventory.ts';
import type { BundleEvidence, DirectorySource } from '#shared/analysis/identities/sources.ts';
import { directoryByName } from '#shared/directories/index.ts';
import { type Decision, standing } from '#shared/domain/decision.ts';
import { displayName } from '#shared/domain/event-sentence.ts';
import type { Identity, IdentityOptions, IdentityOrder, Moment } from '#shared/domain/identity.ts';
import type { OutputOf, ParsedInputOf } from '#shared/ipc/contract.ts';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import { formatInstant, parseInstant } from '#shared/util/instant.ts';
import { FailureError } from '#shared/util/result.ts';
import type { LoadedSnapshot } from './directories.ts';
import type { RollUps } from './roll-ups.ts';

/** What identities are made of: events, exports of directories, bundles, and what analysts decided. */
export interface IdentityEvidence {
  readonly rollUps: RollUps;
  readonly directories: readonly LoadedSnapshot[];
  readonly bundles: readonly BundleEvidence[];
  readonly decisions: readonly Decision[];
}

/** Asks for all of them, as they are at the end of the evidence. */
export const everyIdentity: ParsedInputOf<'identities.list'> = {
  asOf: null,
  dormantAfterDays: 90,
  dormancy: null,
  text: '',
  orphan: null,
  kind: null,
  ends: null,
  source: null,
  id: null,
  sort: 'id',
  offset: 0,
  limit: 1_000_000,
};

interface KeptInventory {
  readonly key: string;
  readonly decisions: readonly Decision[];
  readonly bundles: readonly BundleEvidence[];
  readonly inventory: Inventory;
  /** Of the same time, whatever the threshold. */
  readonly gathered: { readonly asOf: number; readonly identities: GatheredIdentities };
}

/** The last inventory, for as long as the evidence and the decisions are the same. */
const taken = new WeakMap<RollUps, KeptInventory>();

/** Identities by id, judged at the reference time. Throws kind `invalid-input` where that is no time. */
export function listIdentities(
  evidence: IdentityEvidence,
  input: ParsedInputOf<'identities.list'>,
): OutputOf<'identities.list'> {
  const asOf = referenceTime(evidence, input.asOf);
  if (asOf === null) return { asOf: null, total: 0, rows: [] };
  const inventory = inventoryOf(evidence, { asOf, dormantAfterDays: input.dormantAfterDays });
  if (asksForAll(input)) {
    const places = Array.from({ length: Math.min(input.limit, inventory.count) });
    const rows = places.flatMap((_, index) => inventory.at(input.offset + index) ?? []);
    return { asOf: asOf.text, total: inventory.count, rows };
  }
  const rows = chosen(inventory, input);
  return { asOf: asOf.text, total: rows.length, rows: rows.slice(input.offset, input.offset + input.limit) };
}

/** Whether no filter and no order needs anybody to be judged who is not on the page. */
function asksForAll(input: ParsedInputOf<'identities.list'>): boolean {
  const { dormancy, orphan, kind, ends, source, id } = input;
  return (
    input.sort === 'id' &&
    input.text === '' &&
    [dormancy, orphan, kind, ends, source, id].every((filter) => filter === null)
  );
}

/** The list of which the last page was asked for: pages come one after another. */
const listed = new WeakMap<Inventory, { readonly key: string; readonly rows: readonly Identity[] }>();

/** What the filters leave, in the order that is asked for. */
function chosen(inventory: Inventory, input: ParsedInputOf<'identities.list'>): readonly Identity[] {
  const { offset: _offset, limit: _limit, ...question } = input;
  const key = JSON.stringify(question);
  const kept = listed.get(inventory);
  if (kept?.key === key) return kept.rows;
  const text = input.text.toLowerCase();
  const texts = text === '' ? null : textsOf(inventory);
  const rows = inOrder(inventory, input.sort).flatMap((place) => {
    const identity = inventory.identities[place];
    const isChosen =
      identity !== undefined &&
      (input.dormancy === null || identity.dormancy === input.dormancy) &&
      (input.orphan === null || identity.orphan === input.orphan) &&
      (input.kind === null || identity.kind === input.kind) &&
      (input.ends === null || input.ends === (identity.standing !== 'standing')) &&
      (input.source === null || identity.sources.includes(input.source)) &&
      (input.id === null || identity.ids.includes(input.id)) &&
      (texts === null || texts[place]?.includes(text) === true);
    return isChosen ? identity : [];
  });
  listed.set(inventory, { key, rows });
  return rows;
}

/** Doubtful matches that nobody has decided about. */
export function reviewIdentities(
  evidence: IdentityEvidence,
  { offset, limit }: ParsedInputOf<'identities.review'>,
): OutputOf<'identities.review'> {
  const asOf = referenceTime(evidence, null);
  if (asOf === null) return { total: 0, rows: [] };
  const { doubts } = inventoryOf(evidence, { asOf, dormantAfterDays: 90 });
  return { total: doubts.length, rows: doubts.slice(offset, offset + limit) };
}

/** The inventory at a time; the last one is kept. */
export function inventoryOf(evidence: IdentityEvidence, options: IdentityOptions): Inventory {
  const { rollUps, directories, bundles, decisions } = evidence;
  const { asOf, dormantAfterDays } = options;
  const key = JSON.stringify([asOf, dormantAfterDays]);
  const last = taken.get(rollUps);
  const kept = last?.decisions === decisions && last.bundles === bundles ? last : undefined;
  if (kept?.key === key) return kept.inventory;
  // What happened later is not known at the reference time.
  const { uses, logs } = rollUps.upTo(asOf.micros);
  const gathered =
    kept?.gathered.asOf === asOf.micros
      ? kept.gathered.identities
      : gatherIdentities(uses, {
          directories: directories.flatMap((loaded) => sourceOf(loaded) ?? []),
          bundles,
          decisions: standing(decisions),
          answersFor: answersBy(decisions),
        });
  const inventory = judgeInventory(gathered, logs, options);
  taken.set(rollUps, {
    key,
    decisions,
    bundles,
    inventory,
    gathered: { asOf: asOf.micros, identities: gathered },
  });
  return inventory;
}

/** Who answers for an identity, by the matrix of owners. */
function answersBy(decisions: readonly Decision[]): (ids: readonly string[]) => string | null {
  const rows = matrixOf(decisions).filter(({ about }) => about === 'identity');
  if (rows.length === 0) return () => null;
  return (ids) => dutiesOf(rows, { about: 'identity', ids }).answers?.who.join(', ') ?? null;
}

/** Null for a directory of a format that this version does not have any more. */
function sourceOf({ snapshot, entries }: LoadedSnapshot): DirectorySource | null {
  const traits = directoryByName(snapshot.format);
  if (traits === undefined) return null;
  const identities = entries.flatMap(({ offset, length, value }) =>
    value.entry === 'identity' ? [{ offset, length, value }] : [],
  );
  return { snapshot, traits, identities };
}

/**
 * The end of the logs unless the analyst named another time; without events the newest export of a directory, or bundle; null
 * where there is no evidence. Throws kind `invalid-input` where it is no time.
 */
export function referenceTime(
  { rollUps, directories, bundles }: Pick<IdentityEvidence, 'rollUps' | 'directories' | 'bundles'>,
  asOf: string | null,
): Moment | null {
  if (asOf === null) {
    return (
      rollUps.end ??
      newest([
        ...directories.map(({ snapshot }) => snapshot.takenAt ?? snapshot.notBefore),
        ...bundles.map(({ bundle }) => bundle.inForceFrom),
      ])
    );
  }
  const span = parseTimeSpan(asOf);
  if (span === null) {
    throw new FailureError(
      'invalid-input',
      `“${asOf}” is no time. Write 2026-05-01T10:30:00Z or 2026-05-01.`,
    );
  }
  // Of a day or an hour its end, of an instant the instant.
  const isInstant = span.to.micros - span.from.micros <= 1e6;
  const instant = isInstant ? span.from : span.to;
  return {
    micros: instant.micros,
    text: formatInstant({ ...instant, digits: instant.micros % 1e6 === 0 ? 0 : 6 }),
  };
}

function newest(times: readonly (string | null)[]): Moment | null {
  let found: Moment | null = null;
  for (const text of times) {
    const micros = text === null ? undefined : parseInstant(text)?.micros;
    if (text !== null && micros !== undefined && micros > (found?.micros ?? -1)) found = { micros, text };
  }
  return found;
}

/** What a part of is looked for in, by place, in small letters; a mark that nobody types stands between. */
const searched = new WeakMap<Inventory, readonly string[]>();

function textsOf(inventory: Inventory): readonly string[] {
  let texts = searched.get(inventory);
  if (texts === undefined) {
    texts = inventory.identities.map(({ ids, name, account }) =>
      `${ids.join('\u0000')}\u0000${name ?? ''}\u0000${account ?? ''}`.toLowerCase(),
    );
    searched.set(inventory, texts);
  }
  return texts;
}

/** Each order is made once for an inventory, since filters change more often: places in the inventory. */
const ordered = new WeakMap<Inventory, Map<IdentityOrder, readonly number[]>>();

function inOrder(inventory: Inventory, order: IdentityOrder): readonly number[] {
  const orders = ordered.get(inventory) ?? new Map<IdentityOrder, readonly number[]>();
  ordered.set(inventory, orders);
  let places = orders.get(order);
  if (places === undefined) {
    places = sorted(inventory.identities, order);
    orders.set(order, places);
  }
  return places;
}

/** Equal ones stay in the order of their ids; who was never seen comes last. */
function sorted(identities: readonly Identity[], order: IdentityOrder): readonly number[] {
  const places = identities.map((_, place) => place);
  if (order === 'id') return places;
  const field = order.replace('-', '') as 'id' | 'name' | 'firstSeen' | 'lastSeen' | 'events' | 'denied';
  const values = identities.map((identity) =>
    field === 'name' ? displayName(identity).toLowerCase() : identity[field],
  );
  const direction = order.startsWith('-') ? -1 : 1;
  return places.toSorted((one, other) => {
    const left = values[one] ?? null;
    const right = values[other] ?? null;
    if (left === right) return 0;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right ? -direction : direction;
  });
}
