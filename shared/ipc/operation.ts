import type { z } from 'zod';

/** `read` changes nothing, `write` changes the case, `act` reaches outside of it (files, windows, providers). */
export type OperationKind = 'read' | 'write' | 'act';

/** Who may call: the console's page and the command line, the command line alone, or the confirm surface alone. */
export type Audience = 'everyone' | 'command-line' | 'confirm';

export interface Operation<Input extends z.ZodType = z.ZodType, Output = unknown, Item = never> {
  readonly kind: OperationKind;
  readonly audience: Audience;
  readonly input: Input;
  /** Emits items before the answer (progress, or rows of a stream). */
  readonly streaming: boolean;
  /** Types only: never set. */
  readonly types?: { readonly output: Output; readonly item: Item };
}

export function operation<Output, Item = never>() {
  return <Input extends z.ZodType>(
    kind: OperationKind,
    input: Input,
    options: { streaming?: boolean; audience?: Audience } = {},
  ): Operation<Input, Output, Item> => ({
    kind,
    input,
    streaming: options.streaming ?? false,
    audience: options.audience ?? 'everyone',
  });
}
