import type { TimeRange } from '@aiops-sre/investigation/data-sources/time-range.ts';
import Table from 'cli-table3';

export const percent = (share: number) => `${(share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
export const milliseconds = (ms: number) =>
  ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;

export function heading(service: string, { fromSeconds, toSeconds }: TimeRange): string {
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19);
  return `Requests of ${service}, ${iso(fromSeconds)} to ${iso(toSeconds)} UTC`;
}

/** A table without lines. */
export function plain(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const borders = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((end) => `${side}${end}`),
  );
  const table = new Table({
    head: [...head],
    chars: { ...Object.fromEntries([...borders, 'mid-mid'].map((name) => [name, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
