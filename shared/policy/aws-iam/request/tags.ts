/** Tags as the IAM API lists them (`[{Key, Value}]`) or as an object, by key in lower case; null where there are none. */
export function readTags(value: unknown): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      const { Key: key, Value: text } = (item ?? {}) as { Key?: unknown; Value?: unknown };
      if (typeof key === 'string') tags.set(key.toLowerCase(), typeof text === 'string' ? text : '');
    }
    return tags;
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, text] of Object.entries(value)) {
    if (typeof text === 'string') tags.set(key.toLowerCase(), text);
  }
  return tags;
}
