import { createHash, createHmac, createPrivateKey, sign } from 'node:crypto';
import { z } from 'zod';
import type { JsonObject } from '#shared/domain/json.ts';
import { readErrorOf } from '../../outcomes.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import type { WebhookConfig } from './index.ts';

export type Operation = 'identify' | 'find' | 'look' | 'apply' | 'observe' | 'undo' | 'sweep';

/** Every answer names the message that it answers, so that none can stand in for another. */
const envelope = z.looseObject({ id: z.string() });

/**
 * Calls a receiver by signed messages. Signatures are those of the Standard Webhooks specification 1.0: over
 * `id.timestamp.body`, in `webhook-id`, `webhook-timestamp` and `webhook-signature` (`v1` HMAC-SHA256, `v1a` Ed25519).
 */
export class WebhookWire {
  readonly #config: WebhookConfig;
  readonly #io: ProviderIo;

  constructor(config: WebhookConfig, io: ProviderIo) {
    this.#config = config;
    this.#io = io;
  }

  get address(): string {
    return this.#config.url;
  }

  /** What is sent, without signature. */
  bodyOf(operation: Operation, data: JsonObject): string {
    return JSON.stringify({ type: `rescind.${operation}`, data });
  }

  /**
   * Asks for what changes nothing. Throws `ProviderError`, kind `protocol` where the answer does not have the shape.
   */
  async ask<T>(operation: Operation, data: JsonObject, shape: z.ZodType<T>, call: CallContext): Promise<T> {
    const { response, id } = await this.send(operation, data, call);
    if (!response.ok) throw readErrorOf(response, `rescind.${operation}`, this.#io.clock.now());
    return this.read(response, id, shape);
  }

  /**
   * The message's id is the idempotency key: it is the same for the same change in the same attempt, whose intent is in
   * the journal since `call.since`, and another one for every other.
   */
  async send(
    operation: Operation,
    data: JsonObject,
    call: CallContext,
  ): Promise<{ readonly response: Response; readonly id: string }> {
    const body = this.bodyOf(operation, data);
    const digest = createHash('sha256').update(`${this.#config.url}\n${body}\n${call.since}`).digest('hex');
    const id = `msg_${digest.slice(0, 32)}`;
    const timestamp = String(Math.floor(this.#io.clock.now() / 1_000));
    const response = await this.#io.fetch(this.#config.url, {
      method: 'POST',
      signal: call.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': await this.#signatureOf(`${id}.${timestamp}.${body}`),
      },
      body,
    });
    return { response, id };
  }

  async read<T>(response: Response, id: string, shape: z.ZodType<T>): Promise<T> {
    const value: unknown = await response.json().catch(() => null);
    const named = envelope.safeParse(value);
    if (!named.success || named.data.id !== id) {
      throw new ProviderError('protocol', 'The answer does not name the message that it answers.');
    }
    const answer = shape.safeParse(value);
    if (answer.success) return answer.data;
    const [issue] = answer.error.issues;
    throw new ProviderError(
      'protocol',
      `The answer has not the agreed shape: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    );
  }

  async #signatureOf(signed: string): Promise<string> {
    const secret = await this.#io.secret('key');
    if (this.#config.signature === 'hmac') {
      const key = Buffer.from(secret.trim().replace(/^whsec_/, ''), 'base64');
      if (key.length < 24) {
        throw new ProviderError('rejected', 'The key has to be whsec_ and at least 24 bytes in base64.');
      }
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    }
    try {
      return `v1a,${sign(null, Buffer.from(signed), createPrivateKey(secret)).toString('base64')}`;
    } catch {
      // The error of the library may quote the key.
      throw new ProviderError('rejected', 'The key has to be an Ed25519 private key in PEM.');
    }
  }
}
