import { expect, it } from 'vitest';
import { wasm } from '#electron/store/write/entry-index-module.ts';

interface Assembled {
  readonly memory: { readonly buffer: ArrayBuffer };
  secretsAddress(): number;
  prepare(rows: number, entries: number, bytes: number): void;
  textsAddress(): number;
  hashLow(dictionary: number, bytes: number): bigint;
  hashHighWord(): bigint;
}

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

/** SipHash-2-4-128 of bytes that count up, under the key 00 … 0f: github.com/veorq/SipHash, vectors.h. */
it.each([
  [0, 'a3817f04ba25a8e66df67214c7550293'],
  [1, 'da87c1d86b99af44347659119b22fc45'],
  [2, '8177228da4a45dc7fca38bdef60affe4'],
  [3, '9c70b60c5267a94e5f33b6b02985ed51'],
  [7, 'a1f1ebbed8dbc153c0b84aa61ff08239'],
  [8, '3b62a9ba6258f5610f83e264f31497b4'],
  [15, '5493e99933b0a8117e08ec0f97cfc3d9'],
  [16, '6ee2a4ca67b054bbfd3315bf85230577'],
  [17, '473d06e8738db89854c066c47ae47740'],
  [63, '5150d1772f50834a503e069a973fbd7c'],
])('texts are hashed as published: %i bytes', (length, expected) => {
  const assembled = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(wasm, 'base64')))
    .exports as Assembled;
  const dictionary = 3;
  assembled.prepare(0, 1, length + 8);
  const memory = new Uint8Array(assembled.memory.buffer);
  memory.set(
    Array.from({ length: 16 }, (_, index) => index),
    assembled.secretsAddress() + 16 * dictionary,
  );
  // What lies behind a text is no part of it.
  memory.set(
    Array.from({ length: length + 8 }, (_, index) => (index < length ? index : 0xa5)),
    assembled.textsAddress(),
  );
  const hash = Buffer.alloc(16);
  hash.writeBigUInt64LE(BigInt.asUintN(64, assembled.hashLow(dictionary, length)), 0);
  hash.writeBigUInt64LE(BigInt.asUintN(64, assembled.hashHighWord()), 8);
  expect(hash.toString('hex')).toBe(expected);
});
