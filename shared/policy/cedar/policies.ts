import type { JsonObject } from '../../domain/json.ts';
import type { BundleProblem, PolicyText } from '../../domain/policy-system.ts';
import type { PolicyRef } from '../../domain/trace.ts';
import { type PolicyParts, splitPolicy } from './condition.ts';
import { type CedarEngine, type DetailedError, failureText, type PolicyJson } from './engine.ts';
import { parseUid, readUid, uidText } from './entities.ts';
import { indexOfByte, TextPositions } from './position.ts';
import { nestsTooDeep, type PolicyPiece, splitPolicies } from './scan.ts';
import type { RawBundle, RawLink, RawPolicy } from './source.ts';

/** One policy that takes part in decisions: written as such, or linked from a template. */
export interface CedarPolicy {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly ref: PolicyRef;
  readonly json: PolicyJson;
  /** Its text with every slot filled. */
  readonly text: string;
  readonly parts: PolicyParts;
  readonly note: string;
}

/** A policy that Cedar cannot read: what it would have said is unknown. */
export interface BrokenPolicy {
  readonly id: string;
  readonly effect: 'permit' | 'forbid' | null;
  readonly ref: PolicyRef;
  readonly message: string;
}

export interface PolicySetRead {
  readonly policies: CedarPolicy[];
  readonly broken: BrokenPolicy[];
  readonly texts: PolicyText[];
  readonly problems: BundleProblem[];
}

const stringOrSlot = /"(?:[^"\\]|\\[^])*"|\/\/[^\n]*|\?(?:principal|resource)\b/g;

interface Template {
  readonly text: string;
  readonly effect: 'permit' | 'forbid';
  readonly ref: PolicyRef;
}

/**
 * Reads every policy with Cedar. Names are Cedar's own for a parsed text: `policy0`, `policy1`, … in the order of
 * the text, counted on over the files; templates count too. The `@id` annotation, which Cedar does not use as a
 * name, becomes the statement's id in the reference.
 */
export function readPolicySet(engine: CedarEngine, bundle: RawBundle): PolicySetRead {
  const reader = new PolicyReader(engine);
  for (const policy of bundle.policies) reader.read(policy);
  for (const link of bundle.links) reader.link(link);
  return reader;
}

class PolicyReader implements PolicySetRead {
  readonly policies: CedarPolicy[] = [];
  readonly broken: BrokenPolicy[] = [];
  readonly texts: PolicyText[] = [];
  readonly problems: BundleProblem[] = [];
  readonly #engine: CedarEngine;
  readonly #templates = new Map<string, Template>();
  readonly #names = new Set<string>();
  readonly #accepted = new Set<string>();
  #unnamed = 0;

  constructor(engine: CedarEngine) {
    this.#engine = engine;
  }

  read(raw: RawPolicy): void {
    if (typeof raw.body !== 'string') return this.#readJson(raw, raw.body);
    const text = raw.body;
    const positions = new TextPositions(text);
    const pieces = splitPolicies(text);
    if (raw.id !== null && pieces.length !== 1)
      return this.#unreadable(raw.id, null, whole(raw, raw.id), `${pieces.length} policies under one name`);
    for (const piece of pieces) this.#readPiece(raw, piece, positions);
  }

  /** A linked policy: the template's text with its slots filled. */
  link({ template: name, id, values, path }: RawLink): void {
    const template =
      this.#templates.get(name) ?? [...this.#templates.values()].find(({ ref }) => ref.statementId === name);
    const ref: PolicyRef = { ...(template?.ref ?? { path, locator: '' }), policyId: id };
    if (template === undefined) return this.#unreadable(id, null, ref, `there is no template ${name}`);
    if (this.#names.has(id)) return this.#unreadable(id, template.effect, ref, 'the name is used twice');
    let missing = '';
    const text = template.text.replaceAll(stringOrSlot, (slot) => {
      if (!slot.startsWith('?')) return slot;
      const value = values.get(slot);
      const uid = typeof value === 'string' ? parseUid(value) : readUid(value);
      if (uid === undefined) missing = slot;
      return uid === undefined ? slot : uidText(uid);
    });
    if (missing !== '')
      return this.#unreadable(id, template.effect, ref, `the link gives ${missing} no entity`);
    this.#accept(id, text, ref, `linked from template ${template.ref.policyId}`);
  }

  #readJson(raw: RawPolicy, body: JsonObject): void {
    const id = this.#name(raw.id);
    const slots = JSON.stringify(body).includes('"slot"');
    const template = raw.template ?? slots;
    const policy = body as unknown as PolicyJson;
    if (depthOf(body) > deepestJson) return this.#unreadable(id, null, whole(raw, id), tooDeep);
    const answer = template ? this.#engine.templateToText(policy) : this.#engine.policyToText(policy);
    const effect = body['effect'] === 'permit' || body['effect'] === 'forbid' ? body['effect'] : null;
    if (answer.type === 'failure')
      return this.#unreadable(id, effect, whole(raw, id), failureText(answer.errors));
    this.#sort(id, template, answer.text, whole(raw, id));
  }

  #readPiece(raw: RawPolicy, piece: PolicyPiece, positions: TextPositions): void {
    const id = this.#name(raw.id);
    const locator = positions.range(piece.start, piece.end);
    const ref: PolicyRef = { path: raw.path, locator, policyId: id, index: this.#names.size - 1 };
    if (nestsTooDeep(piece.text)) return this.#unreadable(id, piece.effect, ref, tooDeep);
    const answer = piece.template
      ? this.#engine.templateToJson(piece.text)
      : this.#engine.policyToJson(piece.text);
    if (answer.type === 'success') return this.#sort(id, piece.template, piece.text, ref);
    const at = piece.start + indexOfByte(piece.text, firstOffset(answer.errors));
    const broken = { ...ref, locator: positions.at(at) };
    // What a template would have said matters only through its links, which are then broken themselves.
    if (piece.template) this.#problem(id, broken, failureText(answer.errors));
    else this.#unreadable(id, piece.effect, broken, failureText(answer.errors));
  }

  #sort(id: string, template: boolean, text: string, ref: PolicyRef): void {
    if (template) this.#acceptTemplate(id, text, ref);
    else this.#accept(id, text, ref, '');
  }

  #accept(id: string, text: string, ref: PolicyRef, origin: string): void {
    if (this.#accepted.has(id)) return this.#unreadable(id, null, ref, 'the name is used twice');
    this.#accepted.add(id);
    const answer = this.#engine.policyToJson(text);
    if (answer.type === 'failure') return this.#unreadable(id, null, ref, failureText(answer.errors));
    const { json } = answer;
    const annotation = json.annotations?.['id'];
    const notes = [origin, annotation === undefined ? '' : `@id("${annotation}")`].filter(
      (note) => note !== '',
    );
    const named = annotation === undefined ? ref : { ...ref, statementId: annotation };
    this.#names.add(id);
    this.policies.push({
      id,
      effect: json.effect,
      ref: named,
      json,
      text,
      parts: splitPolicy(text),
      note: notes.join(', '),
    });
    this.#text(id, annotation ?? id, ref, text);
  }

  #acceptTemplate(id: string, text: string, ref: PolicyRef): void {
    const answer = this.#engine.templateToJson(text);
    if (answer.type === 'failure') return this.#unreadable(id, null, ref, failureText(answer.errors));
    const annotation = answer.json.annotations?.['id'];
    const named = annotation === undefined ? ref : { ...ref, statementId: annotation };
    this.#templates.set(id, { text, effect: answer.json.effect, ref: named });
    this.#text(id, annotation ?? id, ref, text);
  }

  #text(policyId: string, title: string, { path }: PolicyRef, text: string): void {
    this.texts.push({ policyId, title, path, language: 'cedar', text });
  }

  /** The given name, or the next of `policy0`, `policy1`, …. */
  #name(given: string | null): string {
    const id = given ?? `policy${this.#unnamed}`;
    if (given === null) this.#unnamed += 1;
    this.#names.add(id);
    return id;
  }

  #unreadable(id: string, effect: BrokenPolicy['effect'], ref: PolicyRef, message: string): void {
    this.broken.push({ id, effect, ref, message });
    this.#problem(id, ref, message);
  }

  #problem(id: string, { path, locator }: PolicyRef, message: string): void {
    this.problems.push({ severity: 'error', path, locator, message: `${id}: ${message}` });
  }
}

const tooDeep = 'it nests deeper than the Cedar engine can read';
const deepestJson = 200;

/** How deep a JSON value nests, as far as that matters here. */
function depthOf(value: unknown): number {
  let [depth, level] = [0, [value]];
  while (level.length > 0 && depth <= deepestJson) {
    depth++;
    level = level.flatMap((item): unknown[] =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return depth;
}

function whole(raw: RawPolicy, policyId: string): PolicyRef {
  return { path: raw.path, locator: '', policyId };
}

/** The byte at which the first error stands; 0 where Cedar names none. */
function firstOffset(errors: readonly DetailedError[]): number {
  return errors.flatMap(({ sourceLocations }) => sourceLocations ?? [])[0]?.start ?? 0;
}
