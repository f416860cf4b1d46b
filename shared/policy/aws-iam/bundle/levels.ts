import type { Attachment } from '../evaluate/attachment.ts';
import type { LevelInput, LevelsInput } from '../evaluate/layers.ts';

/**
 * `RCPFullAWSAccess` is attached at every level and cannot be detached, and customers' own policies can only deny: a
 * level that lists such policies alone has it nevertheless (AWS Organizations User Guide, "RCP evaluation").
 */
export function hasOnlyDenies(attachments: readonly Attachment[]): boolean {
  const statements = attachments.flatMap(({ policy }) => policy.statements);
  return attachments.length > 0 && statements.every(({ effect }) => effect === 'deny');
}

/** Levels that bind unless there is an exemption. */
export function levelsOf(levels: readonly LevelInput[], exemption: string | null): LevelsInput {
  if (levels.length === 0) return { state: 'none' };
  return exemption === null ? { state: 'levels', levels } : { state: 'exempt', why: exemption };
}
