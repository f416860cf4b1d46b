import { type CelFunc, celFunc, CelScalar } from '@bufbuild/cel';
import { RE2JS } from 're2js';
import { base64Text, looseBase64Bytes } from '../../util/base64.ts';
import { any } from './cel-define.ts';
import { optionalOf } from './cel-optional.ts';

const { BYTES, INT, STRING } = CelScalar;

/** The `encoders` and `regex` extensions of CEL. */
export function texts(): CelFunc[] {
  return [
    celFunc('base64.encode', [BYTES], STRING, base64Text),
    celFunc('base64.decode', [STRING], BYTES, (value) => {
      const bytes = looseBase64Bytes(value);
      if (bytes === undefined) throw new Error('not base64');
      return bytes;
    }),
    celFunc('regex.replace', [STRING, STRING, STRING], STRING, (target, pattern, by) =>
      replaced(target, pattern, by, -1),
    ),
    celFunc('regex.replace', [STRING, STRING, STRING, INT], STRING, (target, pattern, by, count) =>
      replaced(target, pattern, by, Number(count)),
    ),
    celFunc('regex.extract', [STRING, STRING], any, (target, pattern) =>
      optionalOf(found(target, pattern).slice(0, 1)),
    ),
    celFunc('regex.extractAll', [STRING, STRING], any, found),
  ];
}

/** The only group of each match, or the match where there is no group; more than one group is an error. */
function found(target: string, pattern: string): string[] {
  const matcher = RE2JS.compile(pattern).matcher(target);
  const groups = matcher.groupCount();
  if (groups > 1) throw new Error('more than one group');
  const all: string[] = [];
  while (matcher.find()) {
    const group = matcher.group(groups);
    if (group !== null && (groups === 0 || group !== '')) all.push(group);
  }
  return all;
}

/** `\1` in the replacement is a group. */
function replaced(target: string, pattern: string, by: string, count: number): string {
  const matcher = RE2JS.compile(pattern).matcher(target);
  let [result, last, done] = ['', 0, 0];
  const most = count < 0 ? Number.POSITIVE_INFINITY : count;
  while (done < most && matcher.find()) {
    const written = by.replaceAll(/\\(\d|\\)/g, (_, group: string) => {
      if (group === '\\') return '\\';
      if (Number(group) > matcher.groupCount()) throw new Error(`there is no group ${group}`);
      return matcher.group(Number(group)) ?? '';
    });
    result += target.slice(last, matcher.start()) + written;
    last = matcher.end();
    done += 1;
  }
  return result + target.slice(last);
}
