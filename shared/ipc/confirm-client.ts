import type { Result } from '../util/result.ts';
import type { ConfirmView } from './confirm-operations.ts';
import type { InputOf } from './contract.ts';
import type { FileToken } from './views.ts';

/** What was decided beside holding the control: how one person acts alone, or signs under a standing order. */
export type ConfirmDecision = Omit<InputOf<'confirm.hold'>, 'ticket'>;

/** What the confirm surface has of its host. The preload object of its window has this shape. */
export interface ConfirmApi {
  readonly show: () => Promise<Result<ConfirmView>>;
  readonly pick: () => Promise<Result<FileToken | null>>;
  readonly hold: (decision: ConfirmDecision) => Promise<Result<null>>;
  readonly leave: () => Promise<Result<null>>;
}
