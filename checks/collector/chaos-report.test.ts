import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboardQueries } from '@aiops-sre/grafana/query-check/dashboard-queries.ts';
import { intervalsOf } from '@aiops-sre/grafana/query-check/interpolation.ts';
import { allDashboards } from '@aiops-sre/grafana/src/all-dashboards.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { startPrometheus } from '@aiops-sre/slo/bench/prometheus-process.ts';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { eventually, ROOT } from '../testing/stack-under-test.ts';
import { type CollectorUnderTest, KEY, orWhyNot, otelcol, startCollector } from './testing/collector.ts';

const NOBODY = 'http://127.0.0.1:1';
const { PROMETHEUS } = process.env;
const isSkipped = !otelcol || !PROMETHEUS;
const WHY = orWhyNot || (PROMETHEUS ? '' : ' (skipped: PROMETHEUS is not set)');

const share = (hits: number, of: number) => ({ hits, of, interval: [0.1, 0.9] });
/** With a value for all that a report may know, and one fault of which nothing came. */
const REPORT = {
  seed: 7,
  only: [],
  experiments: 2,
  faults: 3,
  goals: [
    { what: 'detected', goal: '98 %', target: 0.98, figure: share(2, 3), isMet: false },
    { what: 'notified', goal: '60 s', target: 60, figure: { seconds: 43, of: 2, never: 1 }, isMet: true },
    { what: 'false incidents', goal: '0', target: 0, figure: { count: 1, hours: 0.5 }, isMet: false },
    {
      what: 'rolled back',
      goal: '180 s',
      target: 180,
      figure: { seconds: null, of: 0, never: 0 },
      isMet: null,
    },
  ],
  byFault: [
    {
      fault: 'identity-down',
      played: 2,
      detected: 2,
      inTime: 1,
      medianDetectedSeconds: 20,
      medianNotifiedSeconds: 43,
      oneIncident: 2,
      medianAlerts: 3,
      rootFirst: 1,
      rootInThree: 2,
      rootWhole: 1,
      ranked: 2,
      mayHeal: true,
      healed: 1,
      medianHealedSeconds: 90,
      acted: ['restart'],
      wrongActs: ['scale'],
    },
    {
      fault: 'network-loss',
      played: 1,
      detected: 0,
      inTime: 0,
      medianDetectedSeconds: null,
      medianNotifiedSeconds: null,
      oneIncident: 0,
      medianAlerts: null,
      rootFirst: 0,
      rootInThree: 0,
      rootWhole: 0,
      ranked: 0,
      mayHeal: false,
      healed: 0,
      medianHealedSeconds: null,
      acted: [],
      wrongActs: [],
    },
  ],
  calibration: [
    { from: 0, to: 0.5, meanConfidence: null, right: share(0, 0) },
    { from: 0.9, to: 1, meanConfidence: 0.95, right: share(1, 2) },
  ],
  quietHours: 0.5,
  falseIncidents: 1,
  medianBudgetSpent: 0.002,
  notCalm: 0,
  problems: [],
};

let folder: string;
let collector: CollectorUnderTest;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-report-'));
  if (!isSkipped) collector = await startCollector({ TEMPO_OTLP_URL: NOBODY, LOKI_OTLP_URL: NOBODY });
});
afterAll(async () => {
  await collector?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `npm run -s lab -- chaos-push`, at a stack whose Collector is the one under test. */
function chaosPush(report: object, key: string) {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(report));
  mkdirSync(join(folder, 'secrets'), { recursive: true });
  writeFileSync(join(folder, 'secrets', 'otlp-key'), key);
  const { port } = new URL(collector.url('OTLP_HTTP'));
  return execa(process.execPath, [join(ROOT, 'alert-lab', 'main.ts'), 'chaos-push', file], {
    env: { AIOPS_DATA_DIR: folder, OTLP_HTTP_PORT: port },
    reject: false,
  });
}

/** The shipped job of what comes with the key, from this Collector. */
function scrapeConfig(): string {
  const { scrape_configs } = parse(readFileSync(join(ROOT, 'prometheus', 'prometheus.yml'), 'utf8'), {
    merge: true,
  }) as { scrape_configs: { job_name: string; file_sd_configs: unknown }[] };
  const { file_sd_configs: _, ...job } = scrape_configs.find(({ job_name }) => job_name === 'otlp')!;
  const targets = [new URL(collector.url('COLLECTOR_METRICS')).host];
  return stringify({
    scrape_configs: [{ ...job, scrape_interval: '1s', scrape_timeout: '1s', static_configs: [{ targets }] }],
  });
}

test.skipIf(isSkipped)(
  `a report that is sent is what every query of the dashboard Chaos finds${WHY}`,
  { timeout: 90_000 },
  async () => {
    const configFile = join(folder, 'prometheus.yml');
    writeFileSync(configFile, scrapeConfig());
    await using process = await startPrometheus({
      prometheus: PROMETHEUS!,
      configFile,
      dataFolder: join(folder, 'tsdb'),
      retention: '1d',
    });
    const prometheus = createPrometheusClient({ url: process.url, timeoutMs: 10_000 });
    const { stdout, stderr } = await chaosPush(REPORT, KEY);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\d+ figures of seed 7 are sent: http:\S+\/d\/chaos /);
    const [sent] = await eventually('report in Prometheus', 30_000, async () => {
      const found = await prometheus.query('chaos_experiments');
      return found.length > 0 && found;
    });
    expect(sent!.labels).toMatchObject({ job: 'demo/chaos', programme: 'seed 7' });

    const [dashboard] = allDashboards().filter(({ uid }) => uid === 'chaos');
    const queries = dashboardQueries(dashboard!, {
      variables: { programme: sent!.labels.programme! },
      intervals: intervalsOf(3600, 700),
    }).filter(({ kind }) => kind === 'instant');
    const answers = await Promise.all(
      // Without the row that tables say there is nothing in.
      queries.map(async ({ where, query }) => ({
        where,
        found: await prometheus.query(query.replace(/ or on \(\).*$/, '')),
      })),
    );
    expect(answers.length).toBeGreaterThan(30);
    expect(answers.filter(({ found }) => found.length === 0)).toEqual([]);
    const figure = (title: string) =>
      answers.find(({ where }) => where === `panel ${title}`)?.found[0]?.value;
    expect(['Experiments', 'Faults', 'Goals met', 'Goals missed', 'False incidents'].map(figure)).toEqual([
      2, 3, 1, 2, 1,
    ]);
  },
);
