import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A series of a past that was not lived through. */
export interface PastSeries {
  readonly metric: string;
  readonly type: 'counter' | 'gauge';
  /** Without braces: `a="b",c="d"`. */
  readonly labels: string;
  /** Time in seconds and value, in order of time. */
  readonly samples: Iterable<readonly [seconds: number, value: number]>;
}

/** Samples of a function of time, every `stepSeconds` from `fromSeconds` up to and without `untilSeconds`. */
export function* sampled(
  at: (seconds: number) => number,
  {
    fromSeconds,
    untilSeconds,
    stepSeconds,
  }: { fromSeconds: number; untilSeconds: number; stepSeconds: number },
): Generator<readonly [number, number]> {
  const first = Math.ceil(fromSeconds / stepSeconds) * stepSeconds;
  for (let seconds = first; seconds < untilSeconds; seconds += stepSeconds) yield [seconds, at(seconds)];
}

/** As long as blocks may be: fewer blocks mean fewer times that promtool reads the whole file. */
const BLOCK_DURATION = '39366h';
const LINES_A_WRITE = 10_000;

/** Writes series as blocks into a Prometheus data folder that nothing has open. @returns how many samples */
export async function writePast(options: {
  readonly promtool: string;
  readonly dataFolder: string;
  readonly series: readonly PastSeries[];
}): Promise<number> {
  const { promtool, dataFolder, series } = options;
  const file = `${dataFolder}.om`;
  const out = createWriteStream(file);
  let samples = 0;
  let announced = '';
  for (const { metric, type, labels, samples: own } of series) {
    const family = type === 'counter' ? metric.replace(/_total$/, '') : metric;
    if (family !== announced) out.write(`# TYPE ${family} ${type}\n`);
    announced = family;
    let lines: string[] = [];
    const write = async () => {
      if (lines.length > 0 && !out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
      lines = [];
    };
    for (const [seconds, value] of own) {
      lines.push(`${metric}{${labels}} ${value} ${seconds}`);
      samples += 1;
      if (lines.length === LINES_A_WRITE) await write();
    }
    await write();
  }
  out.end('# EOF\n');
  await once(out, 'finish');
  const args = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    `--max-block-duration=${BLOCK_DURATION}`,
    file,
    dataFolder,
  ];
  await run(promtool, args, { maxBuffer: 64 * 1024 * 1024 });
  await rm(file);
  return samples;
}
