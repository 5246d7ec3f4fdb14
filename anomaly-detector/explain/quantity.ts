/** A number as a person reads it: three significant digits, no exponent between 0.001 and 999,999. */
export function quantity(value: number, unit = ''): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 0.001 || size >= 1e6)
      ? value.toExponential(2)
      : String(Number(value.toPrecision(size >= 1000 ? 6 : 3)));
  return unit === '' ? text : `${text} ${unit}`;
}

/** How far `value` is from `expected` in words: `67 % lower than`, `3.2 times as high as`, `0.2 s higher than`. */
export function comparison(value: number, expected: number, unit: string): string {
  const word = value >= expected ? 'higher' : 'lower';
  if (!(Math.abs(expected) > Number.EPSILON) || expected < 0)
    return `${quantity(Math.abs(value - expected), unit)} ${word} than`;
  const ratio = value / expected;
  if (ratio >= 2) return `${quantity(ratio)} times as high as`;
  return `${Math.round(Math.abs(ratio - 1) * 100)} % ${word} than`;
}

/** Whether `expected` is nothing beside `value`, as of errors where there mostly are none: a factor would be no news. */
export function isNoneUsual(value: number, expected: number): boolean {
  return value !== 0 && Math.abs(expected) < 0.01 * Math.abs(value);
}

/** `2026-11-21 14:05` in the zone that the seasons follow. */
export function moment(seconds: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    formats.set(timeZone, format);
  }
  return format.format(seconds * 1000);
}

/** `14:05` in that zone, for moments near another one that is said in full. */
export function timeOfDay(seconds: number, timeZone: string): string {
  return moment(seconds, timeZone).slice(-5);
}

/** Making one takes longer than an explanation of it. */
const formats = new Map<string, Intl.DateTimeFormat>();
