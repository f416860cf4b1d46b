import { isObject } from '../domain/json.ts';
import type { PolicyText } from '../domain/policy-system.ts';
import { type Result, failure, success } from '../util/result.ts';
import { placeOfPointer } from './json-place.ts';

/** Another text for a file of a bundle, or for one place in it: what would be if. */
export interface PolicyEdit {
  readonly path: string;
  /** JSON Pointer of the document that the text takes the place of; null where `was` or the whole file is meant. */
  readonly pointer: string | null;
  /** The text that it takes the place of, where that is a part of the file; null: the whole file. */
  readonly was: string | null;
  readonly text: string;
}

/** The edit that gives a policy another text. */
export function editOf({ path, pointer, text }: PolicyText, now: string): PolicyEdit {
  return { path, pointer: pointer ?? null, was: pointer === undefined ? text : null, text: now };
}

/**
 * A file's text with an edit made; the rest of it stays letter by letter. A document that the file holds as a string
 * (IAM gives its documents URL-encoded, https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyDetail.html)
 * is put back in the form that it had. Fails with kind `invalid-input` where the place is not there or the text is
 * no JSON where it must be.
 */
export function withEdit(file: string, { path, pointer, was, text }: PolicyEdit): Result<string> {
  if (pointer !== null) return withDocument(file, path, pointer, text);
  if (was === null) return success(text);
  const at = file.indexOf(was);
  if (at < 0) return failure('invalid-input', `${path} no longer holds the text that was edited.`);
  return success(file.slice(0, at) + text + file.slice(at + was.length));
}

function withDocument(file: string, path: string, pointer: string, text: string): Result<string> {
  const wrong = jsonFault(text);
  if (wrong !== null) return failure('invalid-input', `The edited policy is no JSON: ${wrong}`);
  const place = placeOfPointer(file, pointer);
  if (place === null) return failure('invalid-input', `${path} holds nothing at ${pointer}.`);
  const { offset, length } = place;
  const before = file.slice(offset, offset + length);
  return success(file.slice(0, offset) + inFormOf(before, text) + file.slice(offset + length));
}

function inFormOf(before: string, text: string): string {
  if (!before.startsWith('"')) return text;
  const held: unknown = JSON.parse(before);
  const isPlain = typeof held === 'string' && /^\s*[{[]/.test(held);
  return JSON.stringify(isPlain ? text : encodeURIComponent(text));
}

/** Why a text is no JSON object or list, in words; null where it is one. */
export function jsonFault(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || Array.isArray(value) ? null : 'expected an object.';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
