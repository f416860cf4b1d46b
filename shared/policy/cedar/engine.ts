import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';

export type CedarEngine = typeof Cedar;
export type { DetailedError, EntityJson, Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';

let loading: Promise<CedarEngine> | undefined;

/** The Cedar engine itself, as WebAssembly. Loaded at first need; the build for Node reads its module from its own package. */
export function cedarEngine(): Promise<CedarEngine> {
  loading ??= import('@cedar-policy/cedar-wasm/nodejs');
  return loading;
}

let prepared = 0;

/** A name for what is kept in the engine. What is kept there stays until the process ends. */
export function preparedName(kind: 'policies' | 'probes' | 'schema'): string {
  prepared += 1;
  return `${kind}-${prepared}`;
}

/** The messages of an answer that failed, with the hint that Cedar gives. */
export function failureText(errors: readonly Cedar.DetailedError[]): string {
  const texts = errors.map(({ message, help }) => (help === null ? message : `${message} (${help})`));
  return texts.length === 0 ? 'Cedar gave no reason' : texts.join('; ');
}
