// Types of assemble.mjs. Those of the compiler would come with globals of AssemblyScript, which are not JavaScript's.
export const modules: readonly (readonly [source: string, target: string])[];
export function assembled(source: string): Promise<string>;
