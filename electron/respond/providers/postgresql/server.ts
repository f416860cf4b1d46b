import { Client } from 'pg';
import { isLoopback } from '../../endpoint.ts';
import { connectionTrouble } from '../../io/connection-trouble.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import type { PostgresqlConfig } from './config.ts';

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Statements of one connection, in one transaction where `transaction` made it. */
export interface Session {
  query(text: string, values?: readonly (string | number)[]): Promise<readonly Row[]>;
}

/** One connection for each piece of work: a broken one takes nothing else with it. */
export class PostgresqlServer {
  readonly #config: PostgresqlConfig;
  readonly #io: ProviderIo;

  constructor(config: PostgresqlConfig, io: ProviderIo) {
    this.#config = config;
    this.#io = io;
  }

  /** Asks. Throws `ProviderError`. */
  read<Answer>(work: (session: Session) => Promise<Answer>, call: CallContext): Promise<Answer> {
    return this.#connected(call, async (client) => {
      await client.query('begin read only');
      return work(sessionOf(client));
    });
  }

  /** Changes in one transaction that is committed at the end, or taken back where `commit` is false (a dry run). */
  change<Answer>(
    work: (session: Session) => Promise<Answer>,
    commit: boolean,
    call: CallContext,
  ): Promise<Answer> {
    return this.#connected(call, async (client) => {
      await client.query('begin');
      const answer = await work(sessionOf(client));
      await client.query(commit ? 'commit' : 'rollback');
      return answer;
    });
  }

  /** Statements that no transaction can take back. */
  act<Answer>(work: (session: Session) => Promise<Answer>, call: CallContext): Promise<Answer> {
    return this.#connected(call, (client) => work(sessionOf(client)));
  }

  async #connected<Answer>(call: CallContext, work: (client: Client) => Promise<Answer>): Promise<Answer> {
    if (call.signal.aborted) throw new ProviderError('unreachable', 'Stopped before anything was sent.');
    const client = await this.#open(call);
    const stop = (): void => void client.end().catch(() => undefined);
    call.signal.addEventListener('abort', stop, { once: true });
    // The server may close the connection between two statements; the next one says so.
    client.on('error', () => undefined);
    try {
      return await work(client);
    } catch (thrown) {
      throw errorOf(thrown);
    } finally {
      call.signal.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    }
  }

  async #open({ deadline }: CallContext): Promise<Client> {
    const { host, port, database, user } = this.#config;
    const left = Math.max(1, deadline - this.#io.clock.now());
    const client = new Client({
      host,
      port,
      database,
      user,
      password: await this.#io.secret('password'),
      ssl: isLoopback(host) ? false : { ...this.#io.tls },
      application_name: 'rescind',
      connectionTimeoutMillis: left,
      statement_timeout: left,
      query_timeout: left,
    });
    try {
      await client.connect();
      return client;
    } catch (thrown) {
      await client.end().catch(() => undefined);
      const code = codeOf(thrown);
      if (code.startsWith('28')) {
        throw new ProviderError('forbidden', `The server refused ${user}: ${messageOf(thrown)}`);
      }
      if (code === '3D000')
        throw new ProviderError('rejected', `${messageOf(thrown)}: see the setting “database”`);
      const isStranger = code === '' && messageOf(thrown).includes('terminated unexpectedly');
      const why = isStranger
        ? 'what listens there is no PostgreSQL. Check the port'
        : connectionTrouble(code);
      throw new ProviderError('unreachable', `${host}:${port}: ${why ?? messageOf(thrown)}.`);
    }
  }
}

function sessionOf(client: Client): Session {
  return {
    async query(text, values = []) {
      const { rows } = await client.query<Row>(text, [...values]);
      return rows;
    },
  };
}

/** SQLSTATE (PostgreSQL documentation, appendix A), else the code of a socket. */
function codeOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function errorOf(thrown: unknown): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  const code = codeOf(thrown);
  const message = `${messageOf(thrown)}${code === '' ? '' : ` (${code})`}`;
  if (code === '42501') return new ProviderError('forbidden', message);
  if (code === '42704') return new ProviderError('absent', message);
  if (code === '55P03' || code === '40001' || code === '40P01') {
    return new ProviderError('throttled', message, 1_000);
  }
  // 57: the server ends the connection or the statement; 08: the connection broke.
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57') && !code.startsWith('08')) {
    return new ProviderError('rejected', message);
  }
  return new ProviderError('interrupted', message);
}
