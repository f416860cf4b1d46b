import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import { createServer as createEncryptedServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { endpointUrl } from '#electron/respond/endpoint.ts';
import { makeCertificate } from '#test/support/respond/certificate.ts';
import { testIo } from '#test/support/respond/provider-io.ts';

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const close of cleanup.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  cleanup.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a provider’s fetch', () => {
  test('sends what it is given and brings back status, headers and body', async () => {
    const origin = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(201, { 'x-request-id': 'r1' });
        response.end(
          `${request.method} ${String(request.headers['x-a'])} ${Buffer.concat(chunks).toString()}`,
        );
      });
    });
    const response = await testIo({ origins: [origin] }).fetch(`${origin}/a`, {
      method: 'PATCH',
      headers: { 'x-a': 'b' },
      body: '{"active":false}',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-request-id')).toBe('r1');
    expect(await response.text()).toBe('PATCH b {"active":false}');
  });

  test('calls no address but the configured ones', async () => {
    const origin = await serve((_, response) => response.end());
    await expect(testIo({ origins: ['https://example.org'] }).fetch(origin)).rejects.toMatchObject({
      kind: 'protocol',
    });
  });

  test('follows a redirect of a read within the origin, and none elsewhere', async () => {
    const other = await serve((_, response) => response.end('stolen'));
    const origin = await serve((request, response) => {
      if (request.url === '/here') response.writeHead(302, { location: '/there' }).end();
      else if (request.url === '/there') response.end('found');
      else response.writeHead(307, { location: other }).end();
    });
    const { fetch } = testIo({ origins: [origin, other] });
    expect(await (await fetch(`${origin}/here`)).text()).toBe('found');
    await expect(fetch(`${origin}/away`)).rejects.toMatchObject({ kind: 'protocol' });
    expect((await fetch(`${origin}/away`, { method: 'POST', body: 'x' })).status).toBe(307);
  });

  test('a refused connection was certainly not sent; a reset or a silence after sending may have happened', async () => {
    const silent = createSocketServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data: Buffer) => {
        if (data.toString().includes('/reset')) socket.resetAndDestroy();
      });
    }).listen(0, '127.0.0.1');
    cleanup.push(() => silent.close());
    await once(silent, 'listening');
    const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { fetch } = testIo({ origins: [origin] });
    await expect(fetch(`${origin}/reset`, { method: 'POST' })).rejects.toMatchObject({ kind: 'interrupted' });
    await expect(
      fetch(`${origin}/silent`, { method: 'POST', signal: AbortSignal.timeout(50) }),
    ).rejects.toMatchObject({ kind: 'interrupted' });
    silent.close();
    await expect(
      testIo({ origins: ['http://127.0.0.1:1'] }).fetch('http://127.0.0.1:1/x', { method: 'POST' }),
    ).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('a certificate of nobody known, and a plain port, are told with what to do', async () => {
    const { certificate, key } = makeCertificate('localhost', [127, 0, 0, 1]);
    const server = createEncryptedServer(
      { cert: certificate, key },
      (_, response) => void response.end('here'),
    );
    cleanup.push(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const stranger = makeCertificate('stranger').certificate;
    for (const given of [{}, { certificateAuthority: stranger }]) {
      const { fetch } = testIo({ origins: [origin], ...given });
      await expect(fetch(origin)).rejects.toThrow('give its certificate in the setting “ca”');
    }
    const trusting = testIo({ origins: [origin], certificateAuthority: certificate });
    expect(await (await trusting.fetch(origin)).text()).toBe('here');
    const plain = (await serve((_, response) => response.end())).replace('http:', 'https:');
    await expect(testIo({ origins: [plain] }).fetch(plain)).rejects.toThrow('does not speak TLS');
  });

  test('takes no endless answer', async () => {
    const origin = await serve((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024);
      const more = (): void => {
        while (response.write(chunk));
        response.once('drain', more);
      };
      more();
    });
    await expect(testIo({ origins: [origin] }).fetch(origin)).rejects.toMatchObject({ kind: 'protocol' });
  });
});

describe('an address of a provider', () => {
  test.each([
    ['https://api.example.org/scim/v2/', 'https://api.example.org/scim/v2'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost/x', 'http://localhost/x'],
    ['http://[::1]:1', 'http://[::1]:1'],
  ])('%s is taken', (given, expected) => {
    expect(endpointUrl('https').parse(given)).toBe(expected);
  });
  test.each([
    'http://api.example.org',
    'http://127.0.0.1.example.org',
    'https://user:pass@example.org',
    'https://example.org/?token=1',
    'ldap://127.0.0.1',
    'file:///etc/passwd',
    'example.org',
  ])('%s is refused', (given) => {
    expect(endpointUrl('https').safeParse(given).success).toBe(false);
  });
  test('LDAP has its own schemes', () => {
    expect(endpointUrl('ldaps').safeParse('ldap://127.0.0.1:389').success).toBe(true);
    expect(endpointUrl('ldaps').safeParse('ldap://dc1.example.org').success).toBe(false);
    expect(endpointUrl('ldaps').safeParse('ldaps://dc1.example.org').success).toBe(true);
  });
});
