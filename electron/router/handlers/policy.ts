import type { HandlerContext, HandlerServices, Handlers } from './handler.ts';

type PolicyOperation = 'policy.evaluate' | 'policy.expect' | 'policy.who';

export function policyHandlers({ engine }: HandlerServices): Handlers<PolicyOperation> {
  return {
    'policy.evaluate': (input, context) => {
      const standardInput = input.batch === '-' || input.requests === '-';
      return engine.policy('evaluate', input, { ...options(context), standardInput });
    },
    'policy.expect': (input, context) => engine.policy('expect', input, options(context)),
    'policy.who': (input, context) => engine.policy('who', input, options(context)),
  };
}

function options({ signal, emit }: HandlerContext<string>): {
  readonly signal: AbortSignal;
  readonly onItem: (item: unknown) => unknown;
} {
  return { signal, onItem: (item) => emit(item as string) };
}
