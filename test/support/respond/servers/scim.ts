import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Resources, Types } from 'scimmy';
import { SCIMMYRouters } from 'scimmy-routers';

export const scimToken = 'scim-token-5512';

export interface ScimServer {
  readonly url: string;
  /** The account as the service itself holds it. */
  readonly accounts: ReadonlyMap<string, Record<string, unknown>>;
  stop(): Promise<void>;
}

/** A SCIM 2.0 service with two accounts. */
export async function startScim(): Promise<ScimServer> {
  const accounts = new Map<string, Record<string, unknown>>();
  for (const [id, userName] of [
    ['u-1', 'mallory'],
    ['u-2', 'alice'],
  ] as const) {
    const meta = { created: new Date('2026-01-01'), lastModified: new Date('2026-01-01') };
    accounts.set(id, { id, userName, active: true, meta });
  }
  Resources.declare(Resources.User, {
    egress: (resource: { id?: string; filter?: { match(list: unknown[]): unknown[] } }) => {
      if (resource.id !== undefined) {
        const found = accounts.get(resource.id);
        if (found === undefined) throw new Types.Error(404, '', `Resource ${resource.id} not found`);
        return found;
      }
      const all = [...accounts.values()];
      return resource.filter === undefined ? all : resource.filter.match(all);
    },
    ingress: (resource: { id?: string }, data: Record<string, unknown>) => {
      const id = resource.id ?? `u-${accounts.size + 1}`;
      const changed = { ...accounts.get(id), ...data, id };
      accounts.set(id, changed);
      return changed;
    },
    degress: (resource: { id?: string }) => void accounts.delete(resource.id ?? ''),
  } as never);
  const app = express();
  app.use(
    '/scim/v2',
    new SCIMMYRouters({
      type: 'bearer',
      handler: (request) => {
        if (request.header('authorization') !== `Bearer ${scimToken}`) throw new Error('no');
        return 'operator';
      },
    }) as never,
  );
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    accounts,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
