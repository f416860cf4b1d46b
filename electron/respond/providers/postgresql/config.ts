import { z } from 'zod';

/** How a server is reached. TLS is always on, except on this machine. */
export const postgresqlConfig = z.strictObject({
  host: z.string().min(1).max(255).describe('host name or address of the server'),
  port: z.coerce.number().int().min(1).max(65_535).default(5432).describe('port of the server'),
  database: z
    .string()
    .min(1)
    .max(63)
    .default('postgres')
    .describe('database to connect to; roles are the cluster’s'),
  user: z.string().min(1).max(63).describe('role that acts'),
});
export type PostgresqlConfig = z.output<typeof postgresqlConfig>;
