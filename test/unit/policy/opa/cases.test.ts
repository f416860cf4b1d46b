import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '#shared/domain/json.ts';
import { ask, asRead, filesOf } from './support.ts';

interface Case {
  note: string;
  query: string;
  modules: string[];
  data?: JsonObject;
  input?: JsonObject;
  want_result?: unknown;
  want_error?: string;
}

const folder = new URL('../../../cases/policy/opa/', import.meta.url);

interface Outcome {
  readonly result: unknown;
  readonly errors: string;
  readonly decided: boolean;
}

async function outcomeOf({ query, modules, data, input }: Case): Promise<Outcome> {
  const files: Record<string, string> = { 'data.json': JSON.stringify(data ?? {}) };
  for (const [index, text] of modules.entries()) files[`module-${index}.rego`] = text;
  const { evaluation } = await ask(filesOf(files), query, input);
  const errors = evaluation.errors.filter(
    ({ message }) => !message.endsWith('(the expression is undefined)'),
  );
  return {
    result: asRead(evaluation.result),
    errors: errors.map(({ message }) => message).join('\n'),
    decided: evaluation.completeness === 'full',
  };
}

function escaped(text: string): RegExp {
  return new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
}

for (const slug of readdirSync(folder)) {
  const { cases } = parse(readFileSync(new URL(`${slug}/cases.yaml`, folder), 'utf8')) as { cases: Case[] };
  describe(`OPA: ${slug}`, () => {
    test.for(cases)('$note', async (given) => {
      const { want_error, want_result } = given;
      expect(await outcomeOf(given)).toEqual({
        result: want_result,
        errors: expect.stringMatching(want_error === undefined ? /^$/ : escaped(want_error)) as string,
        decided: want_error === undefined,
      });
    });
  });
}
