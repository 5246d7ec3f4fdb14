/**
 * Exact arithmetic on decimal text: `1 - 0.999` is `0.001`, where binary floats leak 0.0010000000000000009 into rules.
 * Every argument and result is a plain decimal such as `99.95`: digits, at most one point, an optional sign.
 */
const DECIMAL = /^-?\d+(\.\d+)?$/;

interface Scaled {
  readonly digits: bigint;
  readonly scale: number;
}

function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** The shortest decimal of a float, never in exponent form. @throws RangeError unless `value` is finite */
export function decimalOf(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`);
  const text = String(value);
  if (isDecimal(text)) return text;
  return plain(parse(value.toFixed(20)));
}

export function subtract(minuend: string, subtrahend: string): string {
  const [a, b, scale] = aligned(minuend, subtrahend);
  return plain({ digits: a - b, scale });
}

export function multiply(left: string, right: string): string {
  const a = parse(left);
  const b = parse(right);
  return plain({ digits: a.digits * b.digits, scale: a.scale + b.scale });
}

/** -1, 0 or 1 */
export function compare(left: string, right: string): number {
  const [a, b] = aligned(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

function aligned(left: string, right: string): [bigint, bigint, number] {
  const a = parse(left);
  const b = parse(right);
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

function parse(text: string): Scaled {
  if (!isDecimal(text)) throw new RangeError(`expected a decimal such as 99.95, got ${JSON.stringify(text)}`);
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function plain({ digits, scale }: Scaled): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return `${sign}${whole}${fraction && '.'}${fraction}`;
}
