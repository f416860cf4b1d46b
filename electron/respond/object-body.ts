import { type JsonObject, isObject } from '#shared/domain/json.ts';
import { ProviderError } from './provider.ts';

/** A response's JSON object. Anything else is kind `protocol`: `who` answered what its API does not say. */
export async function objectBody(response: Response, who: string): Promise<JsonObject> {
  try {
    const value: unknown = await response.json();
    if (isObject(value)) return value;
  } catch {
    // No JSON at all is told like JSON that is no object.
  }
  throw new ProviderError('protocol', `${who} answered something other than a JSON object.`);
}
