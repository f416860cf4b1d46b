/** Memory of a module. Growing it, by pages of 64 KiB, takes it away from below its views. */
export type AssembledMemory = WebAssembly.Memory;

/**
 * A module of electron/assembly, given as base64: compiled when it is first asked for, and each time answered with the
 * exports of a new instance, whose memory is its own.
 */
export function assembledModule(wasm: string): () => unknown {
  let compiled: WebAssembly.Module | null = null;
  return () => {
    compiled ??= new WebAssembly.Module(Buffer.from(wasm, 'base64'));
    return new WebAssembly.Instance(compiled).exports;
  };
}
