import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '#electron/custody/merkle.ts';

// Published vectors of RFC 6962: github.com/transparency-dev/merkle, testonly/constants.go and reference_test.go.
const entries = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = entries.map((entry) => leafHash(Buffer.from(entry, 'hex')));
const hex = (hashes: readonly Uint8Array[]): string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('hex'));

test('roots are those that were published', () => {
  expect(roots.map((_, size) => rootOf(leaves.slice(0, size)).toString('hex'))).toEqual(roots);
});

test('consistency proofs are those that were published', () => {
  expect(hex(consistencyProof(leaves.slice(0, 5), 2))).toEqual([
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  ]);
  expect(hex(consistencyProof(leaves.slice(0, 7), 6))).toEqual([
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
});

test('every proof holds for its own leaf, size and root, and for no other', () => {
  const sizes = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(sizes, sizes, fc.nat(), fc.nat(), (first, second, position, other) => {
      const [small, large] = [Math.min(first, second), Math.max(first, second)];
      const hashes = Array.from({ length: large }, (_, index) => leafHash(Buffer.of(index)));
      const root = rootOf(hashes);
      const index = position % large;
      const proof = inclusionProof(hashes, index);
      expect(verifyInclusion(hashes[index]!, index, large, proof, root)).toBe(true);
      const wrong = other % large;
      expect(verifyInclusion(hashes[wrong]!, index, large, proof, root)).toBe(wrong === index);
      const older = rootOf(hashes.slice(0, small));
      const consistency = consistencyProof(hashes, small);
      expect(verifyConsistency(small, large, older, root, consistency)).toBe(true);
      expect(verifyConsistency(small, large, leafHash(older), root, consistency)).toBe(false);
      expect(verifyConsistency(small, large, older, leafHash(root), consistency)).toBe(false);
    }),
  );
});
