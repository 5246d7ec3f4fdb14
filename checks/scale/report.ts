import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import type { OneEngine } from './one-engine.ts';

/** A row an engine: what was written while one of its replicas was killed, and what of it is there. */
export function lossTable(results: readonly OneEngine[]): string {
  const table = plainTable([
    'engine',
    'killed',
    'a second',
    'written',
    'acknowledged',
    'failed',
    'found after',
    'serves again after',
    'seen by another tenant',
  ]);
  for (const each of results)
    table.push([
      each.engine,
      each.killed,
      each.requestsPerSecond.toFixed(0),
      String(each.written),
      String(each.acknowledged),
      String(each.failed),
      String(each.found),
      `${each.servedAgainSeconds.toFixed(1)} s`,
      String(each.seenByAnother),
    ]);
  return table.toString();
}
