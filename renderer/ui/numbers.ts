/** U+2009: separates thousands without looking like a decimal mark of any language. */
const thin = '\u2009';

/** `1234567` as `1 234 567` with thin spaces. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, thin);
}

/** A count in few characters, e.g. `184k`; exact below a thousand. */
export function formatShortCount(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size)
      return `${value / size < 10 ? (value / size).toFixed(1) : Math.round(value / size)}${unit}`;
  }
  return String(Math.round(value));
}

/** Bytes in powers of 1024 with three significant digits, e.g. `3.42 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** A fraction as a percentage that says 100 only when all is done. */
export function formatPercent(fraction: number): string {
  return `${Math.min(Math.floor(fraction * 100), fraction < 1 ? 99 : 100)} %`;
}
