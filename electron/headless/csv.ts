/** One line of CSV (RFC 4180), with its line break. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

/**
 * SECURITY: a spreadsheet takes a text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula;
 * an apostrophe before it keeps it text (OWASP, CSV Injection). Numbers stay numbers.
 */
export function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const neutral = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /["\r\n,]/.test(neutral) || neutral !== neutral.trim()
    ? `"${neutral.replaceAll('"', '""')}"`
    : neutral;
}
