/**
 * Samples in promtool's notation: `0+5x3` is 0 5 10 15, `_x2` two missing ones.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 */
export function counterNotation(samples: readonly (number | undefined)[]): string {
  const parts: string[] = [];
  let index = 0;
  while (index < samples.length) {
    const start = index;
    const first = samples[start];
    if (first === undefined) {
      while (index < samples.length && samples[index] === undefined) index += 1;
      parts.push(`_x${index - start}`);
      continue;
    }
    const second = samples[start + 1];
    const step = second === undefined ? 0 : second - first;
    index += 1;
    while (index < samples.length && samples[index] === first + step * (index - start)) index += 1;
    const repeats = index - start - 1;
    const sign = step < 0 ? '-' : '+';
    parts.push(repeats === 0 ? String(first) : `${first}${sign}${Math.abs(step)}x${repeats}`);
  }
  return parts.join(' ');
}
