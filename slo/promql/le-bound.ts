/**
 * Matcher of a histogram's bucket, in every way that its bound is written: a scrape by Prometheus writes `1.0`, `5e-05` and
 * `1.8e+06`, what comes by OTLP `1`, `0.00005` and `1800000`.
 * @see https://github.com/prometheus/prometheus/blob/main/model/labels/float.go
 */
export function bucketMatcher(bound: number): string {
  const written = [...new Set([plain(bound), openMetrics(bound), withPoint(plain(bound))])];
  if (written.length === 1) return `le="${written[0]}"`;
  return `le=~"${written.map((text) => text.replace(/[.+]/g, (sign) => `\\\\${sign}`)).join('|')}"`;
}

/** Like Go's format 'f' with the fewest digits. */
function plain(value: number): string {
  const [digits = '', exponent] = scientific(value);
  const point = exponent + 1;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Like Go's format 'g' with the fewest digits, `5e-05` and `1.8e+06`, and with a point where that leaves a whole number. */
function openMetrics(value: number): string {
  const [digits, exponent] = scientific(value);
  if (exponent >= -4 && exponent < 6) return withPoint(plain(value));
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function withPoint(text: string): string {
  return text.includes('.') ? text : `${text}.0`;
}

/** The shortest decimal digits and the power of ten of the first one. */
function scientific(value: number): [digits: string, exponent: number] {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return [mantissa.replace('.', ''), Number(exponent)];
}
