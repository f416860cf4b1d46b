/** Bounds on what a bundle may hold. A bundle beyond them is refused: half a policy decides wrongly. */
export interface BundleLimits {
  readonly files: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** Of all files, unpacked. */
  readonly bytes: number;
  /** Unpacked bytes per packed byte, looked at from a mebibyte on. */
  readonly ratio: number;
  /** Folders within folders. */
  readonly depth: number;
}

export const bundleLimits: BundleLimits = {
  files: 20_000,
  fileBytes: 256 * 2 ** 20,
  bytes: 512 * 2 ** 20,
  ratio: 400,
  depth: 32,
};
