import { closeSync, openSync, writeSync } from 'node:fs';

const FLUSH_AT = 20_000;

/** `name{label="value",...}` as the text formats write it. */
export function seriesName(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([label, value]) =>
      `${label}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return `${name}{${pairs.join(',')}}`;
}

/**
 * Writes samples with timestamps as OpenMetrics text, for `promtool tsdb create-blocks-from openmetrics`. Samples of
 * one series have to come in order of time.
 *
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export class OpenMetricsFile {
  readonly #descriptor: number;
  #lines: string[] = [];

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w');
  }

  sample(series: string, value: number, seconds: number): void {
    this.#lines.push(`${series} ${value === Number.POSITIVE_INFINITY ? '+Inf' : value} ${seconds}`);
    if (this.#lines.length >= FLUSH_AT) this.#flush();
  }

  close(): void {
    this.#lines.push('# EOF');
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    writeSync(this.#descriptor, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}
