import { Readable } from 'node:stream';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { forbidden, outcome, throttled } from '../../outcomes.ts';
import { ProviderError, type ProviderIo } from '../../provider.ts';
import type { AwsConfig } from './config.ts';

export interface AwsClients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  /** AWS's own clock, from the `Date` header of its last answer; null before the first one. */
  serverTime(): Date | null;
  close(): void;
}

interface SentRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string | string[] | null>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/**
 * What every official client is made with: the provider's own fetch, with its addresses and its CA, and no retries.
 * `onDate` is told AWS's own clock, from the `Date` header of each answer.
 */
export function clientOptions(
  config: Pick<AwsConfig, 'accessKeyId' | 'region'>,
  io: ProviderIo,
  onDate: (date: Date) => void,
) {
  const requestHandler = {
    async handle(request: SentRequest, options: { abortSignal?: unknown } = {}) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(request.query ?? {})) {
        for (const item of Array.isArray(value) ? value : [value ?? '']) query.append(name, item);
      }
      const port = request.port === undefined ? '' : `:${request.port}`;
      const suffix = query.size === 0 ? '' : `?${query.toString()}`;
      const { host: _host, ...headers } = request.headers;
      const signal = options.abortSignal instanceof AbortSignal ? { signal: options.abortSignal } : {};
      const response = await io.fetch(
        `${request.protocol}//${request.hostname}${port}${request.path}${suffix}`,
        {
          method: request.method,
          headers,
          ...(request.body === undefined ? {} : { body: bytesOf(request.body) }),
          ...signal,
        },
      );
      const time = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(time)) onDate(new Date(time));
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body: Readable.from([Buffer.from(await response.arrayBuffer())]),
        },
      };
    },
  };
  return {
    region: config.region,
    maxAttempts: 1,
    requestHandler: requestHandler as never,
    credentials: async () => ({
      accessKeyId: config.accessKeyId,
      secretAccessKey: await io.secret('secretAccessKey'),
    }),
  };
}

export function awsClients(config: AwsConfig, io: ProviderIo): AwsClients {
  let date: Date | null = null;
  const common = clientOptions(config, io, (now) => {
    date = now;
  });
  const iam = new IAMClient({ ...common, endpoint: config.iamEndpoint });
  const sts = new STSClient({ ...common, endpoint: config.stsEndpoint });
  return {
    iam,
    sts,
    serverTime: () => date,
    close() {
      iam.destroy();
      sts.destroy();
    },
  };
}

/** Copied: the SDK's own kind of array warns at what clients ask of it. */
function bytesOf(body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
}

/** An error that a service answered, whichever client read it. */
interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && '$metadata' in thrown && '$fault' in thrown;
}

/** Whether an error says that the thing is not there. */
export function isAbsent(thrown: unknown): boolean {
  return isServiceError(thrown) && /^NoSuchEntity|NotFound(?:Exception)?$/.test(thrown.name);
}

/** A read that failed, as providers throw it. */
export function readError(thrown: unknown): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (isServiceError(thrown)) {
    const { name, $metadata } = thrown;
    const status = $metadata.httpStatusCode ?? 0;
    const message = `AWS answered ${name} (HTTP ${status}).`;
    if (isAbsent(thrown)) return new ProviderError('absent', message);
    if (isThrottled(name, status)) return new ProviderError('throttled', message, 1_000);
    if (isRefused(name, status)) return new ProviderError('forbidden', message);
    return new ProviderError(status >= 500 ? 'interrupted' : 'rejected', message);
  }
  return new ProviderError('interrupted', thrown instanceof Error ? thrown.message : String(thrown));
}

/** What became of a write. A 5xx after sending may have happened: IAM answers so and still writes. */
export async function written(
  work: () => Promise<{
    readonly $metadata: {
      readonly httpStatusCode?: number | undefined;
      readonly requestId?: string | undefined;
    };
  }>,
  detail: string,
  permissions: readonly string[],
): Promise<Outcome> {
  try {
    const { $metadata } = await work();
    return outcome('applied', detail, factsOf($metadata));
  } catch (thrown) {
    if (!isServiceError(thrown)) throw readError(thrown);
    const status = thrown.$metadata.httpStatusCode ?? 0;
    const facts: JsonObject = { error: thrown.name, ...factsOf(thrown.$metadata) };
    const said = `AWS answered ${thrown.name} (HTTP ${status}).`;
    if (isAbsent(thrown)) return outcome('target_absent', said, facts);
    if (isThrottled(thrown.name, status)) return throttled(1_000, said, facts);
    if (isRefused(thrown.name, status)) return forbidden(permissions, said, facts);
    if (/ConcurrentModification|EntityTemporarilyUnmodifiable|^ConflictException$/.test(thrown.name)) {
      return throttled(1_000, said, facts);
    }
    return outcome(status >= 500 ? 'ambiguous' : 'unsupported', said, facts);
  }
}

function factsOf({
  httpStatusCode,
  requestId,
}: {
  httpStatusCode?: number | undefined;
  requestId?: string | undefined;
}): JsonObject {
  return { status: httpStatusCode ?? null, requestId: requestId ?? null };
}

function isThrottled(name: string, status: number): boolean {
  return status === 429 || /Throttl|TooManyRequests|RequestLimitExceeded/.test(name);
}

function isRefused(name: string, status: number): boolean {
  return (
    status === 401 ||
    status === 403 ||
    /AccessDenied|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken/.test(name)
  );
}
