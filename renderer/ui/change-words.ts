import type { ChangeKind, PermissionChange } from '#shared/domain/drift.ts';
import { permissionWords } from '#shared/domain/permission-words.ts';

export function kindWords(kind: ChangeKind): string {
  return kind.replace('-', ' ');
}

/** What a change is about, without the identity: the permission, or both where they differ. */
export function briefly({ before, after, summary }: PermissionChange): string {
  const [was, is] = [before, after].map((side) => (side === undefined ? null : permissionWords(side)));
  if (was === null || was === undefined || is === null || is === undefined) return is ?? was ?? summary;
  if (was !== is) return `${was} → ${is}`;
  const conditions = [before, after].map((side) => side?.condition?.expr ?? side?.conditionality ?? '');
  return conditions[0] === conditions[1] ? is : `${is}: ${conditions[0]} → ${conditions[1]}`;
}
