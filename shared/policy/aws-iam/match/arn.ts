/** An Amazon Resource Name, `arn:partition:service:region:account:resource`. */
export interface Arn {
  readonly text: string;
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All after the fifth colon. */
  readonly resource: string;
}

/** The six parts of an ARN; null where the text is none. */
export function parseArn(text: string): Arn | null {
  return text.startsWith('arn:') ? arnOf(text, splitArn(text)) : null;
}

/** The ARN whose parts were split already; null where they are none. */
export function arnOf(text: string, parts: readonly string[]): Arn | null {
  const [scheme, partition = '', service = '', region = '', account = '', resource] = parts;
  return scheme !== 'arn' || resource === undefined
    ? null
    : { text, partition, service, region, account, resource };
}

/** Splits at the first five colons: the resource part may have colons of its own. */
export function splitArn(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  while (parts.length < 5) {
    const colon = text.indexOf(':', from);
    if (colon < 0) break;
    parts.push(text.slice(from, colon));
    from = colon + 1;
  }
  parts.push(text.slice(from));
  return parts;
}

export function isAccountId(text: string): boolean {
  if (text.length !== 12) return false;
  for (let index = 0; index < 12; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}
