import type { JsonObject } from '#shared/domain/json.ts';
import type { EngineAnswer, PolicyFile } from '#shared/domain/policy-system.ts';
import { opa } from '#shared/policy/opa/index.ts';

export function filesOf(texts: Readonly<Record<string, string>>): PolicyFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text, bytes: new TextEncoder().encode(text) }));
}

/** Asks a bundle of these files for the decision of that name. */
export async function ask(
  files: readonly PolicyFile[],
  name: string,
  context?: JsonObject,
  complete = true,
): Promise<EngineAnswer> {
  const bundle = await opa.load({ kind: 'files', files }, {});
  return bundle.evaluate(
    {
      subject: { type: 'user', id: 'someone' },
      action: { name },
      resource: { type: 'resource', id: 'something' },
      ...(context === undefined ? {} : { context }),
    },
    { complete },
  );
}

/** A value as it comes out of its text: numbers beyond 2^53 are written out digit by digit. */
export function asRead(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
