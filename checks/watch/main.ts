/**
 * `npm run test:watch [-- --days 1] [--dir FOLDER --labels FILE] [--rate 0.35]`: the detector watches days that a real Prometheus
 * has recorded, as it does live but at many times the speed, and may raise no more false alarms than the stated rate. Without a
 * folder of CSV files the recording is of series of every kind. The last line counts: `N passed, N failed`.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { recipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { Command, InvalidArgumentError } from 'commander';
import { execa } from 'execa';
import getPort from 'get-port';
import { eventually } from '../testing/stack-under-test.ts';
import { falseAlarms, mostByChance } from './false-alarms.ts';
import { backfill, madeRecording, readRecording, sideBySide } from './recording.ts';
import { READ_BACK_SECONDS, watchDays } from './watched-days.ts';

const DAY_SECONDS = 86_400;
const SLOWEST = 10;
const positive = (text: string): number => {
  if (Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('expected a number > 0');
};
const { days, dir, labels, rate, draws } = new Command('npm run test:watch --')
  .option('--days <number>', 'how many of the last days are watched', positive, 1)
  .option('--dir <folder>', 'CSV files with columns timestamp,value')
  .option('--labels <file>', 'JSON of the true anomalies of each, [[start, end], ...]')
  .option('--draws <number>', 'of each kind, where there is no folder', positive, 3)
  .option('--rate <number>', 'false alarms a series-week that are stated', positive, 0.35)
  .parse()
  .opts();

const abort = abortOnSignal();
const settings = readSettings(dirname(dirname(import.meta.dirname)), process.env);
const binaries = await provideBinaries({
  settings,
  recipes: recipes(settings.versions).filter(({ name }) => name === 'prometheus'),
  path: process.env.PATH ?? '',
  progress: new Progress((line) => print(line)),
  signal: abort.signal,
});
const folder = await mkdtemp(join(tmpdir(), 'watch-'));
try {
  const { series, endSeconds } = sideBySide(
    dir === undefined ? madeRecording(draws) : await readRecording(dir, labels),
  );
  const fromSeconds = Math.floor((endSeconds - days * DAY_SECONDS) / 3600) * 3600;
  await mkdir(join(folder, 'state'));
  await backfill(series, {
    promtool: binaries.promtool!,
    folder,
    fromSeconds: fromSeconds - READ_BACK_SECONDS,
  });
  const port = await getPort({ host: '127.0.0.1' });
  await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
  const prometheus = execa(
    binaries.prometheus!,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/prometheus`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore', cancelSignal: abort.signal, reject: false },
  );
  try {
    const prometheusUrl = `http://127.0.0.1:${port}`;
    await eventually('Prometheus', 60_000, async () => (await fetch(`${prometheusUrl}/-/ready`)).ok);
    const startedMs = Date.now();
    const told = await watchDays({ series, prometheusUrl, fromSeconds, toSeconds: endSeconds, folder });
    const wrong = falseAlarms(told, series);
    const speed = ((endSeconds - fromSeconds) * 1000) / (Date.now() - startedMs);
    const weeks = (series.length * (endSeconds - fromSeconds)) / (7 * DAY_SECONDS);
    const most = mostByChance(rate * weeks);
    for (const { labels: its, startsAtSeconds, summary } of wrong)
      print(`false: ${its.series} at ${new Date(startsAtSeconds * 1000).toISOString()}: ${summary}`);
    print(
      `${series.length} series for ${days} days at ${Math.round(speed)} times the speed: ${told.length} anomalies, ${wrong.length} of them false, ` +
        `${(wrong.length / weeks).toFixed(2)} a series-week. Stated: ${rate}, so at most ${most} in ${weeks.toFixed(1)} series-weeks, chance included.`,
    );
    const passed = [wrong.length <= most, speed >= SLOWEST].filter(Boolean).length;
    print(`${passed} passed, ${2 - passed} failed`);
    process.exitCode = passed === 2 ? 0 : 1;
  } finally {
    prometheus.kill();
    await prometheus;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
