import { z } from 'zod';
import { operation } from './operation.ts';
import type { FileToken, FolderListing } from './views.ts';
import type { Reversibility } from '../domain/response.ts';
import type { Plan } from '../respond/plan.ts';

/** What the confirm surface shows: figures and ids of the program, nothing that comes from a log or a note. */
export interface ConfirmView {
  readonly hash: string;
  readonly code: string;
  readonly kind: Plan['kind'];
  readonly actions: number;
  readonly targets: number;
  readonly providers: readonly string[];
  readonly reversibilities: readonly Reversibility[];
  readonly refusals: number;
  readonly gaps: number;
  readonly missing: number;
  /** Null where no bound is known. */
  readonly residualSeconds: number | null;
  readonly signed: number;
  /** Null where no roster is pinned. */
  readonly needed: number | null;
  /** Whether approvals or a standing order cover it. */
  readonly mayExecute: boolean;
  /** A standing order that seems to cover it, with who signed it: the operator's own signature is then enough. */
  readonly order: readonly string[] | null;
  /** The operator's key file that is kept ready, by its name. */
  readonly keptKey: string | null;
  /** Whether one person could act alone: never for a restore, and only where everything is R0 or R2. */
  readonly emergency: 'possible' | 'too-hard' | 'never';
  /** Whether a key file is chosen in the system's dialog. */
  readonly nativeDialogs: boolean;
  readonly theme: ConfirmTheme;
}

export type ConfirmTheme = z.output<typeof confirmTheme>;
export const confirmTheme = z.enum(['dark', 'light']);

/** Names one opening of the surface. Whoever knows it can only show and confirm this one plan. */
const ticket = z.string().min(16).max(128);
const token = z.string().min(8).max(128);

/**
 * Operations of the confirm surface, which is a page of its own. SECURITY: nobody else may call them, and the surface
 * may call nothing else.
 */
export const confirmOperations = {
  'confirm.show': operation<ConfirmView>()('read', z.strictObject({ ticket }), { audience: 'confirm' }),
  /** A key file in the system's dialog; null where it was left. */
  'confirm.pick': operation<FileToken | null>()('act', z.strictObject({ ticket }), { audience: 'confirm' }),
  /** The same in a host without dialogs: what a folder holds. */
  'confirm.browse': operation<FolderListing>()('read', z.strictObject({ ticket, token: token.nullable() }), {
    audience: 'confirm',
  }),
  /** The control was held. `emergency` where one person acts alone, `signature` to sign it under a standing order. */
  'confirm.hold': operation<null>()(
    'act',
    z.strictObject({
      ticket,
      emergency: z
        .strictObject({
          reason: z.string().min(1).max(2_000),
          keyToken: token.nullable(),
          passphrase: z.string().max(1_000).nullable(),
        })
        .nullable(),
      /** Without a token: by the key that is kept ready. */
      signature: z
        .strictObject({ keyToken: token.nullable(), passphrase: z.string().max(1_000).nullable() })
        .nullable(),
    }),
    { audience: 'confirm' },
  ),
  'confirm.leave': operation<null>()('act', z.strictObject({ ticket }), { audience: 'confirm' }),
} as const;
