import type { Provider } from './provider.ts';

/**
 * A provider whose code, with the SDK that it imports, is loaded with the first call: a large SDK must not slow down a
 * run that has nothing to do with it. Use it as `open: (config, io) => lazyProvider(async () =>
 * (await import('./provider.ts')).openX(config, io))`, with the type's own file free of the SDK.
 */
export function lazyProvider(load: () => Promise<Provider>): Provider {
  let loading: Promise<Provider> | null = null;
  const loaded = (): Promise<Provider> => (loading ??= load());
  return {
    whoami: async (call) => (await loaded()).whoami(call),
    test: async (call) => (await loaded()).test(call),
    resolve: async (reference, call) => (await loaded()).resolve(reference, call),
    descendants: async (target, call) => (await loaded()).descendants(target, call),
    actions: async (target, call) => (await loaded()).actions(target, call),
    administrators: async (call) => (await loaded()).administrators(call),
    sweep: async (since, targets, call) => (await loaded()).sweep(since, targets, call),
    close: async () => {
      if (loading !== null) await (await loading).close();
    },
  };
}
