import { splitArn } from './arn.ts';
import { anyCharacter, Glob, type Piece, star, wildcardPieces } from './glob.ts';
import { fill, isVariable, parseTemplate, type TemplatePiece, type Variable } from './template.ts';

export interface ResourceText {
  readonly text: string;
  /** The parts of the ARN; fewer than six where the text is none. */
  readonly parts: readonly string[];
}

export function resourceText(text: string): ResourceText {
  return { text, parts: splitArn(text) };
}

export type PatternResult =
  | { readonly result: boolean; readonly resolved?: string }
  | { readonly result: 'missing' | 'unknown'; readonly variable: Variable };

/**
 * A value of `Resource` or `NotResource`. Wildcards work within the segments between colons; a `*` that ends a segment
 * may reach past its colon; there are none in the service segment, whose case does not matter; variables stand after
 * the fifth colon (IAM User Guide, "IAM JSON policy elements: Resource" and "Variables and tags").
 */
export class ResourcePattern {
  readonly text: string;
  /** Keys of the variables in it. */
  readonly keys: readonly string[];
  /** Why it can match nothing; null where it can. */
  readonly fault: string | null;
  readonly #all: boolean;
  readonly #head: readonly Glob[];
  readonly #headTexts: readonly string[];
  readonly #tail: readonly TemplatePiece[] | null;
  readonly #tailGlob: Glob | null;
  readonly #plain: Glob | null;
  readonly #reaches: boolean;

  constructor(text: string, variables: boolean) {
    this.text = text;
    this.#all = text === '*';
    const isArn = text.startsWith('arn:');
    const parts = isArn ? splitArn(text) : [];
    this.#headTexts = parts.length === 6 ? parts.slice(0, 5) : parts;
    this.#head = this.#headTexts.map((part, index) => new Glob(wildcardPieces(part), index === 2));
    const tail = parts[5];
    this.#tail = tail === undefined ? null : parseTemplate(tail, true, variables);
    const plain = isArn ? null : parseTemplate(text, true, variables);
    this.keys = [...(this.#tail ?? []), ...(plain ?? [])].filter(isVariable).map((piece) => piece.key);
    this.#tailGlob = this.#tail === null || this.keys.length > 0 ? null : globOf(this.#tail);
    this.#plain = plain === null ? null : globOf(plain);
    this.#reaches = this.#headTexts.some((part) => part.endsWith('*'));
    this.fault = faultOf(this.#headTexts, variables);
  }

  matches(target: ResourceText, valueOf: (key: string) => string | null | undefined): PatternResult {
    if (this.#all) return matched;
    if (this.fault !== null) return unmatched;
    if (this.#plain !== null) return this.#plain.matches(target.text) ? matched : unmatched;
    if (this.#tail === null) return this.#reachesOver(target.text, []) ? matched : unmatched;
    const headMatches = this.#headMatches(target.parts);
    if (this.#tailGlob !== null) {
      if (headMatches && this.#tailGlob.matches(target.parts[5] ?? '')) return matched;
      return this.#reachesOver(target.text, this.#tail as readonly Piece[]) ? matched : unmatched;
    }
    if (!headMatches && !this.#reaches) return unmatched;
    const filled = fill(this.#tail, valueOf);
    if (filled.state !== 'filled') return { result: filled.state, variable: filled.variable };
    const resolved = `${this.#headTexts.join(':')}:${filled.text}`;
    const result =
      (headMatches && new Glob(filled.pieces).matches(target.parts[5] ?? '')) ||
      this.#reachesOver(target.text, filled.pieces);
    return { result, resolved };
  }

  #headMatches(parts: readonly string[]): boolean {
    if (parts.length !== 6 || !(parts[0] === 'arn')) return false;
    for (let index = 1; index < 5; index++) {
      if (this.#head[index]?.matches(parts[index] ?? '') !== true) return false;
    }
    return true;
  }

  /** The rare case: a `*` at the end of one of the first segments stands for more than its segment. */
  #reachesOver(target: string, tail: readonly Piece[]): boolean {
    if (!this.#reaches || !target.startsWith('arn:')) return false;
    const codes: number[] = [];
    this.#headTexts.forEach((part, index) => {
      if (index > 0) codes.push(colon);
      wildcardPieces(part).forEach((piece, place, all) => {
        if (piece === star) codes.push(place === all.length - 1 ? starOver : starWithin);
        else if (piece === anyCharacter) codes.push(anyWithin);
        else pushText(codes, piece);
      });
    });
    if (this.#tail !== null) {
      codes.push(colon);
      for (const piece of tail) {
        if (piece === star) codes.push(starOver);
        else if (piece === anyCharacter) codes.push(anyOver);
        else pushText(codes, piece);
      }
    }
    return count(codes, colon) < countColons(target) && simulate(codes, target);
  }
}

const matched: PatternResult = { result: true };
const unmatched: PatternResult = { result: false };

const colon = 58;
const starOver = -1;
const starWithin = -2;
const anyWithin = -3;
const anyOver = -4;

function globOf(pieces: readonly TemplatePiece[]): Glob | null {
  return pieces.some(isVariable) ? null : new Glob(pieces as readonly Piece[]);
}

function faultOf(head: readonly string[], variables: boolean): string | null {
  if (head.length >= 3 && /[*?]/.test(head[2] ?? ''))
    return 'A wildcard cannot stand in the service segment.';
  if (variables && head.some((part) => part.includes('${'))) {
    return 'A policy variable can only stand after the fifth colon.';
  }
  return null;
}

function pushText(codes: number[], text: string): void {
  for (let index = 0; index < text.length; index++) codes.push(text.charCodeAt(index));
}

function count(codes: readonly number[], code: number): number {
  return codes.reduce((sum, found) => (found === code ? sum + 1 : sum), 0);
}

function countColons(text: string): number {
  let found = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) === colon) found++;
  return found;
}

/** All places of the pattern at once, character by character: time is pattern times text, whatever they are. */
function simulate(codes: readonly number[], text: string): boolean {
  let places = new Uint8Array(codes.length + 1);
  places[0] = 1;
  skipStars(places, codes);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const next = new Uint8Array(codes.length + 1);
    for (let place = 0; place < codes.length; place++) {
      if (places[place] === 0) continue;
      const wanted = codes[place] ?? 0;
      if (wanted === starOver || (wanted === starWithin && code !== colon)) next[place] = 1;
      else if (wanted === code || wanted === anyOver || (wanted === anyWithin && code !== colon)) {
        next[place + 1] = 1;
      }
    }
    skipStars(next, codes);
    places = next;
  }
  return places[codes.length] === 1;
}

function skipStars(places: Uint8Array, codes: readonly number[]): void {
  for (let place = 0; place < codes.length; place++) {
    const code = codes[place];
    if (places[place] === 1 && (code === starOver || code === starWithin)) places[place + 1] = 1;
  }
}
