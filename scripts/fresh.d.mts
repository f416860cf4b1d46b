export const root: string;
export function digestOf(paths: readonly string[]): string;
export function isFresh(name: string, digest: string): boolean;
export function markFresh(name: string, digest: string): void;
export function buildDigest(): string;
