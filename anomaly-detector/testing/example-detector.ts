import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { createWriteCheck } from '@aiops-sre/service-kit/files/write-check.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import pino from 'pino';
import { watchCalendars } from '../calendar/calendar-watch.ts';
import { createDetector, type Detector } from '../detector.ts';
import { openAnomalyJournal } from '../journal/anomaly-journal.ts';
import { openVerdictFile } from '../journal/verdict-file.ts';
import type { Rule } from '../rules/rule.ts';
import { createRuleSnapshots } from '../state/rule-snapshots.ts';
import type { Clock } from '../watch/rule-loop.ts';
import { WHOLE } from '../watch/shard.ts';
import { exampleRule } from './example-rule.ts';

export const newStateFolder = () => mkdtemp(join(tmpdir(), 'detector-'));

/** A whole detector of the example rule, with real HTTP clients and files, and the given clock. */
export async function exampleDetector(options: {
  prometheusUrl: string;
  alertmanagerUrls: readonly string[];
  stateFolder: string;
  clock: Clock;
  rule?: ReturnType<typeof exampleRule>;
  /** In place of one rule. */
  rules?: readonly Rule[];
  queryTimeoutMs?: number;
  calendars?: readonly string[];
  onUnusable?: (reason: string) => void;
}): Promise<Detector> {
  const { stateFolder, clock } = options;
  return createDetector({
    rules: options.rules ?? [options.rule ?? exampleRule()],
    calendar: await watchCalendars({
      paths: options.calendars ?? [],
      timeZone: 'UTC',
      holidaysAre: 'sunday',
      onChange: () => {},
    }),
    prometheus: createPrometheusClient({
      url: options.prometheusUrl,
      timeoutMs: options.queryTimeoutMs ?? 30_000,
    }),
    replicas: options.alertmanagerUrls.map((url) => createAlertmanagerClient({ url, timeoutMs: 30_000 })),
    snapshots: createRuleSnapshots({
      directory: stateFolder,
      timeZone: 'UTC',
      shard: WHOLE,
      onUnusable: (_, reason) => options.onUnusable?.(reason),
    }),
    journal: await openAnomalyJournal({ file: join(stateFolder, 'anomalies.json'), onUnreadable: () => {} }),
    verdicts: await openVerdictFile({ file: join(stateFolder, 'verdicts.jsonl'), onUnreadable: () => {} }),
    links: { runbookBaseUrl: 'http://runbooks.example', dashboardBaseUrl: 'http://grafana.example' },
    timeZone: 'UTC',
    shard: WHOLE,
    evaluationDelaySeconds: 10,
    snapshotIntervalSeconds: 300,
    checkState: createWriteCheck({ folder: stateFolder, everyMs: 0 }),
    clock,
    random: () => 0.5,
    log: pino({ level: 'silent' }),
  });
}
