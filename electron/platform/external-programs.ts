import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { PolicySettings } from './services.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The user's own policy programs: `RESCIND_OPA` and `RESCIND_CERBOS`, else `programs.json` in the configuration
 * folder (`{"opa": "/usr/local/bin/opa"}`). SECURITY: absolute paths only, and nothing is looked for elsewhere: a
 * program runs because its user said so.
 */
export function externalPrograms(
  configFolder: string,
  environment: Environment = process.env,
): PolicySettings {
  const configured = readConfigured(join(configFolder, 'programs.json'));
  return {
    opa: absolute(environment['RESCIND_OPA']) ?? absolute(configured['opa']),
    cerbos: absolute(environment['RESCIND_CERBOS']) ?? absolute(configured['cerbos']),
  };
}

function readConfigured(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function absolute(path: unknown): string | null {
  return typeof path === 'string' && isAbsolute(path) ? path : null;
}
