import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderType } from '#electron/respond/provider.ts';

/** These need no permission to act by, or tell what is allowed. */
const free = new Set(['GetCallerIdentity', 'SimulatePrincipalPolicy']);

/** Calls that a folder's sources make: AWS names the permission of each after it (Service Authorization Reference). */
export function permissionsOfCalls(folder: string): string[] {
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const calls = texts.flatMap((text) =>
    [...text.matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => name),
  );
  return [...new Set(calls)].filter((name) => !free.has(name)).toSorted();
}

/** Permissions that a provider says it needs, without the service. */
export function namesOf({ permissions }: Pick<ProviderType<never>, 'permissions'>): string[] {
  return [...new Set(permissions.map(({ name }) => name.split(':')[1] ?? ''))].toSorted();
}
