import { beyond } from '../evaluate/problems.ts';
import { BigNumber, toBigInt, toDouble } from '../value/number.ts';
import { quoted, textOfValue } from '../value/print.ts';
import { characters, utf8Bytes } from '../value/text.ts';
import { isNumber, type Value } from '../value/value.ts';
import { formatFloat } from './float-format.ts';

/** `sprintf` as OPA gives it: Go's `fmt.Sprintf` over whole numbers, floats and texts; anything else is its Rego text. */

type Argument =
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float64'; readonly value: number }
  | { readonly type: 'string'; readonly value: string };

interface Directive {
  readonly flags: string;
  readonly width: number | null;
  readonly precision: number | null;
  readonly verb: string;
}

const widest = 1_000_000;

export function formatted(format: string, values: readonly Value[]): string {
  const args = values.map(argumentOf);
  let result = '';
  let used = 0;
  let reordered = false;
  const pattern = /%([-+# 0]*)(\[\d+\])?(\*|\d+)?(?:\.(\*|\d+)?)?(\[\d+\])?(.)?/gsu;
  let last = 0;
  for (const match of format.matchAll(pattern)) {
    const [whole, flags = '', firstIndex, widthText, precisionText, secondIndex, verb] = match;
    result += format.slice(last, match.index);
    last = match.index + whole.length;
    const number = (text: string | undefined, bad: string): number | null => {
      if (text === undefined) return null;
      if (text !== '*') return Math.min(Number(text), widest);
      const argument = args[used];
      if (argument !== undefined) used++;
      if (argument?.type === 'int') return Number(argument.value);
      result += `%!(BAD${bad})`;
      return null;
    };
    let badIndex = false;
    const select = (index: string | undefined): void => {
      if (index === undefined) return;
      const wanted = Number(index.slice(1, -1)) - 1;
      reordered = true;
      if (wanted >= 0 && wanted < args.length) used = wanted;
      else badIndex = true;
    };
    select(firstIndex);
    const width = number(widthText, 'WIDTH');
    const precision = whole.includes('.') && verb !== '.' ? (number(precisionText, 'PREC') ?? 0) : null;
    select(secondIndex);
    if (verb === undefined) result += '%!(NOVERB)';
    else if (verb === '%') result += '%';
    else if (badIndex) result += `%!${verb}(BADINDEX)`;
    else if (used >= args.length) result += `%!${verb}(MISSING)`;
    else {
      const left = width !== null && width < 0;
      const directive = {
        // `%+v` asks for the names of fields, not for a sign.
        flags: (verb === 'v' ? flags.replaceAll('+', '') : flags) + (left ? '-' : ''),
        width: width === null ? null : Math.abs(width),
        precision,
        verb,
      };
      result += one(directive, args[used++] as Argument);
    }
    if (result.length > 16 * widest) throw beyond('the result is too long');
  }
  result += format.slice(last);
  if (!reordered && used < args.length) {
    const extra = args.slice(used).map((argument) => `${argument.type}=${plain(argument)}`);
    result += `%!(EXTRA ${extra.join(', ')})`;
  }
  return result;
}

function argumentOf(value: Value): Argument {
  if (typeof value === 'string') return { type: 'string', value };
  if (!isNumber(value)) return { type: 'string', value: textOfValue(value) };
  const whole = value instanceof BigNumber && value.exponent > 5000 ? undefined : toBigInt(value);
  if (whole !== undefined) return { type: 'int', value: whole };
  const double = toDouble(value);
  if (Number.isFinite(double)) return { type: 'float64', value: double };
  return { type: 'string', value: textOfValue(value) };
}

function plain(argument: Argument): string {
  return argument.type === 'float64' ? formatFloat(argument.value, 'g', null) : String(argument.value);
}

const longest64 = 2n ** 63n;

function one(directive: Directive, argument: Argument): string {
  const { verb, flags } = directive;
  if (verb === 'T') return padded(argument.type, directive);
  if (argument.type === 'int') {
    const big = argument.value >= longest64 || argument.value < -longest64;
    const bases: Record<string, number> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
    const base = bases[verb] ?? (big && verb === 's' ? 10 : undefined);
    if (base !== undefined) return integerText(directive, argument.value, base);
    if (!big && verb === 'c') return padded(codePoint(argument.value), directive);
    if (!big && verb === 'q') return padded(`'${codePoint(argument.value)}'`, directive);
    if (!big && verb === 'U') {
      return padded(`U+${argument.value.toString(16).toUpperCase().padStart(4, '0')}`, directive);
    }
    const type = big ? 'big.Int' : 'int';
    return `%!${verb}(${type}=${argument.value})`;
  }
  if (argument.type === 'float64') {
    const kind = verb === 'v' ? 'g' : verb === 'F' ? 'f' : verb;
    if (!['e', 'E', 'f', 'g', 'G'].includes(kind)) return `%!${verb}(float64=${plain(argument)})`;
    const digits = directive.precision ?? (kind === 'g' || kind === 'G' ? null : 6);
    return signed(formatFloat(argument.value, kind, digits), directive);
  }
  const cut =
    directive.precision === null
      ? argument.value
      : characters(argument.value).slice(0, directive.precision).join('');
  if (verb === 's' || (verb === 'v' && !flags.includes('#'))) return padded(cut, directive);
  if (verb === 'q' || verb === 'v') {
    const raw = verb === 'q' && flags.includes('#') && !cut.includes('`');
    return padded(raw ? `\`${cut}\`` : quoted(cut), directive);
  }
  if (verb === 'x' || verb === 'X') {
    const prefix = flags.includes('#') && cut !== '' ? '0x' : '';
    const spaced = flags.includes(' ');
    const bytes = [...utf8Bytes(cut)].map((byte) => byte.toString(16).padStart(2, '0'));
    const hex = prefix + bytes.join(spaced ? ` ${prefix}` : '');
    return padded(verb === 'X' ? hex.toUpperCase() : hex, directive);
  }
  return `%!${verb}(string=${argument.value})`;
}

function codePoint(value: bigint): string {
  return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : '\ufffd';
}

function integerText(directive: Directive, value: bigint, base: number): string {
  const { flags, verb, precision } = directive;
  let digits = (value < 0n ? -value : value).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  if (precision !== null) digits = precision === 0 && value === 0n ? '' : digits.padStart(precision, '0');
  const prefixes: Record<string, string> = { b: '0b', o: '0', x: '0x', X: '0X' };
  if (flags.includes('#')) digits = `${prefixes[verb] ?? ''}${digits}`;
  if (verb === 'O') digits = `0o${digits}`;
  return signed(
    `${value < 0n ? '-' : ''}${digits}`,
    precision === null ? directive : { ...directive, flags: flags.replaceAll('0', '') },
  );
}

/** With the sign that the flags ask for, and zeros between sign and digits. */
function signed(text: string, directive: Directive): string {
  const { flags, width } = directive;
  const negative = text.startsWith('-');
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const digits = negative ? text.slice(1) : text;
  if (flags.includes('0') && !flags.includes('-') && width !== null) {
    return sign + digits.padStart(width - sign.length, '0');
  }
  return padded(sign + digits, { ...directive, flags: flags.replaceAll('0', '') });
}

function padded(text: string, { width, flags }: Directive): string {
  if (width === null) return text;
  const missing = width - characters(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  return (flags.includes('0') ? '0' : ' ').repeat(missing) + text;
}
