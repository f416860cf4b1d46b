/** A double as Go's `strconv.FormatFloat` writes it; `digits` null: the shortest text that reads back. */
export function formatFloat(value: number, kind: string, digits: number | null): string {
  const upper = kind === 'E' || kind === 'G';
  const cased = (text: string): string => (upper ? text.toUpperCase() : text);
  if (kind === 'f') return fixed(value, digits);
  if (kind === 'e' || kind === 'E') {
    return cased(
      exponentText(digits === null ? value.toExponential() : value.toExponential(Math.min(digits, 100))),
    );
  }
  const precision = digits === null ? null : Math.max(1, Math.min(digits, 100));
  const scientific = precision === null ? value.toExponential() : value.toExponential(precision - 1);
  const power = Number(scientific.split('e')[1]);
  const significant =
    (scientific.split('e')[0] ?? '').replace(/^-/, '').replace('.', '').replace(/0+$/, '').length || 1;
  let limit = precision ?? 6;
  if (precision !== null && limit > significant && significant >= power + 1) limit = significant;
  if (power < -4 || power >= limit) {
    const [mantissa = '', exponent = '0'] = scientific.split('e');
    const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return cased(exponentText(`${short}e${exponent}`));
  }
  if (precision === null) return String(value);
  const text = fixed(value, Math.max(0, precision - 1 - power));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function fixed(value: number, digits: number | null): string {
  if (digits === null) return String(value);
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const text = value.toFixed(Math.min(digits, 100));
  return digits > 100 ? text.padEnd(text.length + digits - 100, '0') : text;
}

function exponentText(text: string): string {
  const [mantissa = '', power = '0'] = text.split('e');
  const sign = power.startsWith('-') ? '-' : '+';
  return `${mantissa}e${sign}${power.replace(/^[+-]/, '').padStart(2, '0')}`;
}
