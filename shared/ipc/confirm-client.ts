import type { Result } from '../util/result.ts';
import type { ConfirmView } from './confirm-operations.ts';
import type { InputOf } from './contract.ts';
import type { FileToken } from './views.ts';

/** How one person acts alone; null where approvals cover the plan. */
export type ConfirmEmergency = InputOf<'confirm.hold'>['emergency'];

/** What the confirm surface has of its host. The preload object of its window has this shape. */
export interface ConfirmApi {
  readonly show: () => Promise<Result<ConfirmView>>;
  readonly pick: () => Promise<Result<FileToken | null>>;
  readonly hold: (emergency: ConfirmEmergency) => Promise<Result<null>>;
  readonly leave: () => Promise<Result<null>>;
}
