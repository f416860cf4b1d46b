import type { Modifier } from '../compile/code.ts';
import { nodeAt } from '../compile/tree.ts';
import { emptyObject, RegoObject, type Value } from '../value/value.ts';
import { calleeKey, type Context, type Frame, type Mock } from './context.ts';
import { resolve } from './patterns.ts';
import { Halt } from './problems.ts';

/** The context that `with` makes; undefined where a value of its is. */
export function modified(
  context: Context,
  modifiers: readonly Modifier[],
  frame: Frame,
): Context | undefined {
  let { input, data } = context;
  const shadowed = new Set(context.shadowed);
  const mocks = new Map(context.mocks);
  for (const { target, replacement } of modifiers) {
    let mock: Mock;
    if (replacement.kind === 'callee') mock = replacement;
    else {
      const value = resolve(replacement.value, frame);
      if (value === undefined) return undefined;
      mock = { kind: 'value', value };
    }
    if (target.kind === 'callee') mocks.set(calleeKey(target.callee), mock);
    else if (mock.kind === 'value') {
      if (target.kind === 'input') input = replaced(input, target.path, mock.value);
      else {
        data = replacedData(data, target.path, mock.value);
        shadow(context, target.path, shadowed);
      }
    }
  }
  return { ...context, input, data, shadowed, mocks, cache: new Map(), partCache: new Map() };
}

function replaced(document: Value | undefined, path: readonly string[], value: Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object = document instanceof RegoObject ? document : emptyObject;
  return object.with(key, replaced(object.get(key), rest, value));
}

function replacedData(data: RegoObject, path: readonly string[], value: Value): RegoObject {
  const document = replaced(data, path, value);
  if (document instanceof RegoObject) return document;
  throw new Halt('rego_compile_error', '`with data` needs an object');
}

/** Rules at and below the path no longer count. */
function shadow(context: Context, path: readonly string[], shadowed: Set<Context['program']['tree']>): void {
  const { tree } = context.program;
  for (let length = 0; length < path.length; length++) {
    const above = nodeAt(tree, path.slice(0, length));
    if (above !== undefined && (above.rule !== null || above.parts !== null) && !shadowed.has(above)) {
      throw new Halt('rego_compile_error', 'with keyword cannot partially replace virtual document(s)');
    }
  }
  const node = nodeAt(tree, path);
  if (node !== undefined) shadowed.add(node);
}
