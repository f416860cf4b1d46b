import type { Model } from 'casbin';
import type { GrantPath, PolicyRef } from '../../domain/trace.ts';

/** The shortest chain of `g` lines from a member to a role, in a domain where the model has domains; empty where there is none. */
export function roleChain(
  model: Model,
  places: ReadonlyMap<readonly string[], PolicyRef>,
  link: { readonly definition: string; readonly from: string; readonly to: string; readonly domain?: string },
): GrantPath {
  const lines = model.model.get('g')?.get(link.definition)?.policy ?? [];
  const usable = lines.filter((line) => link.domain === undefined || line[2] === link.domain);
  const reached = new Map<string, readonly string[] | null>([[link.from, null]]);
  for (const member of reached.keys()) {
    if (member === link.to) break;
    for (const line of usable)
      if (line[0] === member && line[1] !== undefined && !reached.has(line[1])) reached.set(line[1], line);
  }
  const path: GrantPath[number][] = [];
  for (
    let line = reached.get(link.to);
    line !== null && line !== undefined;
    line = reached.get(line[0] ?? '')
  ) {
    const ref = places.get(line);
    path.unshift({
      from: line[0] ?? '',
      to: line[1] ?? '',
      kind: 'assigned',
      ...(ref === undefined ? {} : { ref }),
    });
  }
  return path;
}
