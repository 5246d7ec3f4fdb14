/**
 * First half of the history: writes the past to a folder, for promtool to make blocks of (import.ts natively, import.sh
 * in Compose). Does nothing where Prometheus holds data.
 *
 *   node backfill/main.ts HISTORY_FOLDER PROMETHEUS_FOLDER
 */

import { readdirSync } from 'node:fs';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { DEMO_TRAFFIC, writeHistory } from './write.ts';

const [folder, database] = process.argv.slice(2);
if (!folder || !database) throw new Error('usage: node backfill/main.ts HISTORY_FOLDER PROMETHEUS_FOLDER');
if (readdirSync(database).length > 0) {
  print('Prometheus holds data already: no backfill');
} else {
  const { fromSeconds, untilSeconds, withoutPast } = writeHistory({
    folder,
    untilSeconds: Date.now() / 1000,
    ...DEMO_TRAFFIC,
  });
  const day = (seconds: number) => new Date(seconds * 1000).toISOString();
  print(`wrote the past from ${day(fromSeconds)} to ${day(untilSeconds)}`);
  for (const { slo, reason } of withoutPast) print(`no backfill for ${slo}: ${reason}`);
}
