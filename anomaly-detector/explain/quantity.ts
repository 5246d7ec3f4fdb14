const BYTE_PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;
const LARGE_NUMBERS = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
] as const;
const PER_LONGER = [
  [60, 'min'],
  [3600, 'h'],
  [86_400, 'day'],
] as const;

/**
 * A number as a person reads it, with its unit: three significant digits and no exponent. Small rates are told by the minute, hour or day,
 * a `ratio` in percent, short durations in ms or us, bytes with a prefix.
 */
export function quantity(value: number, unit = ''): string {
  const size = Math.abs(value);
  if (unit === 'ratio') return `${plain(100 * value)} %`;
  if (unit === 's' && size > 0 && size < 0.001)
    return size < 1e-6 ? `${plain(1e9 * value)} ns` : `${plain(1e6 * value)} us`;
  if (unit === 'B') {
    const power = Math.min(BYTE_PREFIXES.length - 1, Math.max(0, Math.floor(Math.log10(size) / 3)));
    return `${plain(value / 1000 ** power)} ${BYTE_PREFIXES[power]}B`;
  }
  if (unit.endsWith('/s') && size > 0 && size < 0.01) {
    const [factor, per] = PER_LONGER.find(([seconds]) => size * seconds >= 0.1) ?? PER_LONGER[2];
    return `${plain(factor * value)} ${unit.slice(0, -1)}${per}`;
  }
  return unit === '' ? plain(value) : `${plain(value)} ${unit}`;
}

function plain(value: number): string {
  const size = Math.abs(value);
  const [factor, name] = LARGE_NUMBERS.find(([from]) => size >= from) ?? [1, ''];
  if (name !== '' && size < 1e15) return `${Number((value / factor).toPrecision(3))} ${name}`;
  if (size !== 0 && (size < 1e-6 || size >= 1e15)) {
    const [digits, power] = value.toExponential(2).split('e');
    return `${Number(digits)} x 10^${Number(power)}`;
  }
  const rounded = Number(value.toPrecision(size >= 1000 ? 6 : 3));
  return String(rounded);
}

/** `three`, or the digits of what is more than ten. */
export function countInWords(count: number): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  return words[count] ?? String(count);
}

/** `Monday` or `errors` as of so many: `one Monday`, `3 Mondays`, `1 error`. */
export function plural(count: number, name: string): string {
  const one = name.replace(/s$/, '');
  return count === 1 ? one : `${one}s`;
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
