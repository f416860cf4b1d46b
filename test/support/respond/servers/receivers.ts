import { createHmac, createPublicKey, generateKeyPairSync, timingSafeEqual, verify } from 'node:crypto';
import { type Call, type HttpStandIn, type Reply, startHttpStandIn } from './http-stand-in.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const pair = generateKeyPairSync('ed25519');
export const ed25519Pem = String(pair.privateKey.export(pem));
export const hmacKey = `whsec_${Buffer.from('a key of thirty-two bytes, said 1').toString('base64')}`;

export interface Payroll extends HttpStandIn {
  readonly employees: Map<string, { active: boolean; bank: string }>;
  /** Answers by the id of the message, as a receiver has to keep them. */
  readonly answered: Map<string, { body: string; reply: Reply }>;
  /** Changes that took effect. */
  readonly effects: string[];
  readonly now: { value: () => number };
}

/** A receiver as `resources/webhook.md` asks for: a payroll that nothing else can talk to. */
export async function startPayroll(signature: 'hmac' | 'ed25519'): Promise<Payroll> {
  const employees = new Map([
    ['e-17', { active: true, bank: 'DE00' }],
    ['e-18', { active: true, bank: 'DE01' }],
  ]);
  const answered = new Map<string, { body: string; reply: Reply }>();
  const effects: string[] = [];
  const now = { value: () => Date.now() };
  const server = await startHttpStandIn({
    nameOf: (headers) => String(headers['webhook-id'] ?? ''),
    perform(call) {
      const id = String(call.headers['webhook-id'] ?? '');
      const time = Number(call.headers['webhook-timestamp']);
      if (!isSigned(call, id, signature) || Math.abs(now.value() / 1_000 - time) > 300) {
        return { status: 401, body: {} };
      }
      const { type, data } = JSON.parse(call.body) as { type: string; data: Record<string, unknown> };
      const isChange = type === 'rescind.apply' || type === 'rescind.undo';
      const known = answered.get(id);
      if (isChange && known !== undefined) {
        return known.body === call.body ? known.reply : { status: 409, body: { id } };
      }
      const reply: Reply = { status: 200, body: { id, ...answer(type, data, employees, effects) } };
      if (isChange) answered.set(id, { body: call.body, reply });
      return reply;
    },
    throttled: () => ({ status: 429, headers: { 'retry-after': '2' }, body: {} }),
    refused: () => ({ status: 403, body: {} }),
  });
  return { ...server, employees, answered, effects, now };
}

function isSigned(call: Call, id: string, signature: 'hmac' | 'ed25519'): boolean {
  const given = String(call.headers['webhook-signature'] ?? '').split(',');
  const signed = Buffer.from(`${id}.${String(call.headers['webhook-timestamp'])}.${call.body}`);
  const bytes = Buffer.from(given[1] ?? '', 'base64');
  if (signature === 'ed25519') return given[0] === 'v1a' && verify(null, signed, pair.publicKey, bytes);
  const expected = createHmac('sha256', Buffer.from(hmacKey.slice(6), 'base64'))
    .update(signed)
    .digest();
  return given[0] === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function answer(
  type: string,
  data: Record<string, unknown>,
  employees: Payroll['employees'],
  effects: string[],
): Record<string, unknown> {
  const id = (data['target'] as { id: string } | undefined)?.id ?? '';
  const employee = employees.get(id);
  const before = data['state'] as { active?: boolean } | undefined;
  switch (type) {
    case 'rescind.identify':
      return {
        tenant: 'payroll-1',
        tenantName: 'Payroll',
        operator: ['svc-rescind'],
        operatorName: 'rescind',
        actions: {
          employee: [
            {
              id: 'employee.block',
              title: 'Block the employee',
              verb: 'identity.disable',
              reversibility: 'R0',
              stops: ['login'],
              doesNotStop: [{ artefact: 'web_session', residualSeconds: 900, note: 'until it expires' }],
              canUndo: true,
            },
          ],
        },
      };
    case 'rescind.find': {
      const names = [data['id'], ...(data['aliases'] as string[])];
      const found = data['below'] === undefined && names.includes('mallory') ? ['e-17'] : [];
      return { targets: found.map((each) => ({ kind: 'employee', id: each, name: 'mallory' })) };
    }
    case 'rescind.look':
      return { inState: employee?.active === false, state: { active: employee?.active ?? null } };
    case 'rescind.observe':
      if (employee === undefined) return { state: 'target_absent', detail: 'nobody' };
      return { state: employee.active ? 'not_in_effect' : 'in_effect', detail: 'as the payroll has it' };
    case 'rescind.apply':
    case 'rescind.undo': {
      const wanted = type === 'rescind.undo';
      if (employee === undefined) return { outcome: 'target_absent', detail: 'nobody' };
      if (employee.active === wanted) return { outcome: 'already_in_state', detail: 'so already' };
      if (!wanted && before?.active !== employee.active) {
        return { outcome: 'precondition_failed', detail: 'changed since' };
      }
      employee.active = wanted;
      effects.push(`${type} ${id}`);
      return { outcome: 'applied', detail: 'done' };
    }
    default:
      return { targets: [] };
  }
}

function refuse(err: string): Reply {
  return { status: 400, body: { err, description: `refused: ${err}` } };
}

export interface SignalReceiver extends HttpStandIn {
  /** Claims of the events that were taken, in order. */
  readonly events: Record<string, unknown>[];
}

/** A receiver of pushed security event tokens (RFC 8935): checks type, key, issuer and audience before it takes one. */
export async function startSignalReceiver(privatePem: string, token: string): Promise<SignalReceiver> {
  const events: Record<string, unknown>[] = [];
  const publicKey = createPublicKey(privatePem);
  const server = await startHttpStandIn({
    perform({ headers, body }) {
      if (headers.authorization !== `Bearer ${token}`) return { status: 401, body: {} };
      if (headers['content-type'] !== 'application/secevent+jwt') return refuse('invalid_request');
      const [head = '', claims = '', signature = ''] = body.split('.');
      const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, string>;
      if (header['typ'] !== 'secevent+jwt') return refuse('invalid_request');
      const digest = header['alg'] === 'EdDSA' ? null : 'sha256';
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
      const isGenuine = verify(
        digest,
        Buffer.from(`${head}.${claims}`),
        key,
        Buffer.from(signature, 'base64url'),
      );
      if (!isGenuine) return refuse('invalid_key');
      const event = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
      if (event['iss'] !== 'https://rescind.example.org') return refuse('invalid_issuer');
      if (event['aud'] !== 'https://receiver.example.org') return refuse('invalid_audience');
      events.push(event);
      return { status: 202 };
    },
    throttled: () => ({ status: 429, headers: { 'retry-after': '2' }, body: {} }),
    refused: () => ({ status: 403, body: {} }),
  });
  return { ...server, events };
}
