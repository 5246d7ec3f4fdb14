import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type LabelledSeries,
  readCsvSeries,
  readLabels,
} from '@aiops-sre/anomaly-detector/backtest/labelled-corpus.ts';
import { KIND_STEP_SECONDS, makeKinds } from '@aiops-sre/anomaly-detector/backtest/made-kinds.ts';
import { execa } from 'execa';

const WEEK_SECONDS = 7 * 86_400;

/** Series of every kind, each in so many draws. */
export function madeRecording(draws: number): readonly LabelledSeries[] {
  return Array.from({ length: draws }, (_, seed) =>
    makeKinds(seed + 1).map((kind) => ({
      ...kind,
      name: `${kind.name}-${seed + 1}`,
      stepSeconds: KIND_STEP_SECONDS,
    })),
  ).flat();
}

/** Every CSV file of a folder, with what is labelled in them. */
export async function readRecording(
  folder: string,
  labelsFile: string | undefined,
): Promise<readonly LabelledSeries[]> {
  const labels = labelsFile === undefined ? undefined : await readLabels(labelsFile);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(({ name }) => name.endsWith('.csv'))
    .map((one) => join(one.parentPath, one.name));
  return Promise.all(
    paths.sort().map(async (path) => {
      const name = relative(folder, path);
      return { ...(await readCsvSeries(path, name)), windows: labels?.get(name) ?? [] };
    }),
  );
}

/** The series as if they had been recorded at the same time: moved by whole weeks, cut where the first of them ends. */
export function sideBySide(recording: readonly LabelledSeries[]): {
  readonly series: readonly LabelledSeries[];
  readonly endSeconds: number;
} {
  const last = Math.max(...recording.map(({ timestampSeconds }) => timestampSeconds.at(-1)!));
  const series = recording.map((one) => {
    const by = Math.floor((last - one.timestampSeconds.at(-1)!) / WEEK_SECONDS) * WEEK_SECONDS;
    return {
      ...one,
      timestampSeconds: one.timestampSeconds.map((at) => at + by),
      windows: one.windows.map(([from, to]) => [from + by, to + by] as const),
    };
  });
  return { series, endSeconds: Math.min(...series.map(({ timestampSeconds }) => timestampSeconds.at(-1)!)) };
}

/** The name of the metric that a recording has in Prometheus, with labels `series` and `step`, its seconds. */
export const RECORDED_METRIC = 'recorded_value';

/** Writes a recording into an empty data folder of Prometheus, by promtool. */
export async function backfill(
  series: readonly LabelledSeries[],
  { promtool, folder, fromSeconds }: { promtool: string; folder: string; fromSeconds: number },
): Promise<void> {
  const file = join(folder, 'recording.om');
  await pipeline(Readable.from(openMetrics(series, fromSeconds)), createWriteStream(file));
  const into = join(folder, 'prometheus');
  await execa(promtool, [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--max-block-duration=162h',
    '--quiet',
    file,
    into,
  ]);
}

function* openMetrics(series: readonly LabelledSeries[], fromSeconds: number): Generator<string> {
  yield `# TYPE ${RECORDED_METRIC} gauge\n`;
  for (const { name, stepSeconds, timestampSeconds, values } of series) {
    const labels = `{series=${JSON.stringify(name)},step="${stepSeconds}"}`;
    const lines = timestampSeconds.flatMap((at, row) =>
      at >= fromSeconds && Number.isFinite(values[row])
        ? [`${RECORDED_METRIC}${labels} ${values[row]} ${at}\n`]
        : [],
    );
    yield lines.join('');
  }
  yield '# EOF\n';
}
