import { z } from 'zod';

/** How a server is reached. TLS is always on, except on this machine. */
export const postgresqlConfig = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.coerce.number().int().min(1).max(65_535).default(5432),
  database: z.string().min(1).max(63).default('postgres'),
  user: z.string().min(1).max(63),
});
export type PostgresqlConfig = z.output<typeof postgresqlConfig>;
