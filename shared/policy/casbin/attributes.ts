import type { Definitions, Matcher } from './explain.ts';
import type { LoadedModel } from './model.ts';

export interface AttributeRead {
  /** As the request definition names it. */
  readonly token: string;
  readonly attribute: string;
}

/** Attributes of the request's parts that the matcher or a rule in a line (`eval(p.sub_rule)`) reads: `r.sub.Age`. */
export function attributesRead(
  { model }: LoadedModel,
  matcher: Matcher,
  { r, p }: Definitions,
): AttributeRead[] {
  const rules = /\beval\(/.test(matcher.text) ? (model.model.get('p')?.get(p)?.policy ?? []).flat() : [];
  const read = new RegExp(`\\b${r}[._](\\w+)(?:\\.(\\w+)|\\[["'](\\w+)["']\\])`, 'g');
  return [matcher.text, ...rules].flatMap((text) =>
    [...text.matchAll(read)].map(([, token = '', dotted, quoted]) => ({
      token,
      attribute: dotted ?? quoted ?? '',
    })),
  );
}

/** Those that a request does not tell. */
export function untoldOf(
  attributes: readonly AttributeRead[],
  tokens: readonly string[],
  values: readonly unknown[],
): string[] {
  const missing = attributes.filter(({ token, attribute }) => {
    const value = values[tokens.indexOf(token)];
    return typeof value === 'object' && value !== null && !(attribute in value);
  });
  return [...new Set(missing.map(({ token, attribute }) => `${token}.${attribute}`))].toSorted();
}
