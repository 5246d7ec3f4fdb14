import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PastSeries {
  readonly metric: string;
  readonly type: 'counter' | 'gauge';
  readonly labels: string;
  readonly fromSeconds: number;
  /** The end of all where it has none of its own. */
  readonly untilSeconds?: number;
  readonly stepSeconds: number;
  readonly at: (seconds: number) => number;
}

/** Writes series up to `untilSeconds` as blocks into a Prometheus data folder that nothing has open. */
export async function writePast(options: {
  readonly promtool: string;
  readonly dataFolder: string;
  readonly untilSeconds: number;
  readonly series: readonly PastSeries[];
}): Promise<number> {
  const { promtool, dataFolder, untilSeconds, series } = options;
  const file = join(dataFolder, '..', 'past.om');
  const out = createWriteStream(file);
  let samples = 0;
  let announced = '';
  for (const {
    metric,
    type,
    labels,
    fromSeconds,
    stepSeconds,
    at,
    untilSeconds: ownEnd = untilSeconds,
  } of series) {
    const family = type === 'counter' ? metric.replace(/_total$/, '') : metric;
    if (family !== announced) out.write(`# TYPE ${family} ${type}\n`);
    announced = family;
    let lines: string[] = [];
    for (
      let seconds = Math.ceil(fromSeconds / stepSeconds) * stepSeconds;
      seconds < ownEnd;
      seconds += stepSeconds
    ) {
      lines.push(`${metric}{${labels}} ${at(seconds)} ${seconds}`);
      samples += 1;
      if (lines.length < 10_000) continue;
      if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
      lines = [];
    }
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  }
  out.end('# EOF\n');
  await once(out, 'finish');
  const args = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    '--max-block-duration=744h',
    file,
    dataFolder,
  ];
  await run(promtool, args, { maxBuffer: 64 * 1024 * 1024 });
  await rm(file);
  return samples;
}
