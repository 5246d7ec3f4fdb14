/** Writes a series of every kind as CSV, and their incidents as labels, for `backtest -- --dir OUT --labels OUT/labels.json`. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { makeKinds } from './made-kinds.ts';

const { values } = parseArgs({
  options: { out: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const { out } = values;
if (out === undefined) throw new Error('--out: found nothing; possible: a folder');

await mkdir(out, { recursive: true });
const kinds = makeKinds(Number(values.seed));
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
for (const { name, timestampSeconds, values: series, events } of kinds) {
  const rows = series.map((value, row) => [
    iso(timestampSeconds[row]!),
    value,
    ...(events ? [events[row]] : []),
  ]);
  await writeFile(
    join(out, `${name}.csv`),
    `timestamp,value${events ? ',events' : ''}\n${rows.join('\n')}\n`,
  );
}
const labels = Object.fromEntries(
  kinds.map(({ name, windows }) => [`${name}.csv`, windows.map(([from, to]) => [iso(from), iso(to)])]),
);
await writeFile(join(out, 'labels.json'), JSON.stringify(labels, undefined, 2));
print(`${kinds.length} series and labels.json in ${out}`);
