import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWrittenHistory } from '@aiops-sre/backfill/write.ts';
import { execa } from 'execa';
import type { Binaries } from '../native/binaries/provide.ts';
import type { Layout } from '../native/layout.ts';
import type { Progress } from '../progress.ts';
import { historyMarkerFile } from './marker.ts';

/**
 * Fills an empty Prometheus with a backfilled history, so that budgets, burn-rate windows and the detector's seasons are
 * warm from the first minute. Does nothing where Prometheus holds data already.
 */
export async function importHistory(options: {
  readonly layout: Layout;
  readonly binaries: Binaries;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { layout, binaries, progress, signal } = options;
  const database = layout.data('prometheus');
  if (existsSync(database) && readdirSync(database).length > 0) return;
  const task = progress.task('history');
  task.step('writing 35 days of the past');
  const folder = layout.data('history');
  mkdirSync(database, { recursive: true });
  // In a process of its own: it is seconds of pure computing, and this one is waiting for all the others meanwhile.
  await execa(
    process.execPath,
    [join(import.meta.dirname, '..', '..', 'backfill', 'main.ts'), folder, database],
    {
      cancelSignal: signal,
      all: true,
    },
  );
  const { files, fromSeconds, untilSeconds, withoutPast } = readWrittenHistory(folder);
  task.step('making Prometheus blocks of it');
  try {
    await Promise.all(
      files.map(({ path, maxBlockDuration }) =>
        execa(
          binaries.promtool ?? '',
          [
            'tsdb',
            'create-blocks-from',
            'openmetrics',
            '--quiet',
            `--max-block-duration=${maxBlockDuration}`,
            path,
            database,
          ],
          { cancelSignal: signal, all: true },
        ),
      ),
    );
  } catch (error) {
    // A half past would pass for a whole one at the next start.
    rmSync(database, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  writeFileSync(historyMarkerFile(layout), JSON.stringify({ fromSeconds, untilSeconds }));
  const none = withoutPast.length > 0 ? `, none for ${withoutPast.map(({ slo }) => slo).join(', ')}` : '';
  task.done(`35 days of backfill${none} (npm start -- --no-history leaves it out)`);
}
