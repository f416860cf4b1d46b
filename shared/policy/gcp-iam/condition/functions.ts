import { type CelFunc, celMethod, CelScalar } from '@bufbuild/cel';
import { isObject, type JsonObject } from '../../../domain/json.ts';
import { times } from '../../../util/cel-time.ts';

const any: typeof CelScalar.DYN = CelScalar.DYN;
const { STRING, BOOL } = CelScalar;

/** What conditions ask of tags: keys by name (`123/env`) and by id (`tagKeys/1`). */
export interface Tags {
  readonly byName: JsonObject;
  readonly byId: JsonObject;
}

/**
 * Functions that IAM adds to CEL. `tags` gives those of the request that is judged.
 * Source: https://cloud.google.com/iam/docs/conditions-attribute-reference
 */
export function iamFunctions(tags: () => Tags): CelFunc[] {
  return [
    celMethod('extract', STRING, [STRING], STRING, function (template) {
      return extracted(this, template);
    }),
    celMethod('matchTag', any, [STRING, STRING], BOOL, (key, short) => value(tags().byName, key) === short),
    celMethod('matchTagId', any, [STRING, STRING], BOOL, (key, id) => value(tags().byId, key) === id),
    celMethod('hasTagKey', any, [STRING], BOOL, (key) => value(tags().byName, key) !== null),
    celMethod('hasTagKeyId', any, [STRING], BOOL, (key) => value(tags().byId, key) !== null),
    ...times(),
  ];
}

function value(of: JsonObject, key: string): string | null {
  const found = Object.hasOwn(of, key) ? of[key] : undefined;
  return typeof found === 'string' ? found : null;
}

/** The part of the text that stands for `{…}` in the template; empty where the template does not fit. */
export function extracted(text: string, template: string): string {
  const [whole, before = '', after = ''] = /^([^{}]*)\{[^{}]+\}([^{}]*)$/.exec(template) ?? [];
  if (whole === undefined) throw new Error('the template has no part in braces');
  const start = text.indexOf(before);
  if (start === -1) return '';
  const from = start + before.length;
  if (after === '') return text.slice(from);
  const end = text.indexOf(after, from);
  return end === -1 ? '' : text.slice(from, end);
}

export function tagsOf(properties: JsonObject): Tags | null {
  const [byName, byId] = [properties['tags'], properties['tagIds']];
  if (!isObject(byName) && !isObject(byId)) return null;
  return { byName: isObject(byName) ? byName : {}, byId: isObject(byId) ? byId : {} };
}
