import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PastSeries, writePast } from '@aiops-sre/slo/bench/past.ts';
import { startPrometheus } from '@aiops-sre/slo/bench/prometheus-process.ts';
import { type BurnRatePair, pairsFor } from '@aiops-sre/slo/model/burn-rate-windows.ts';
import { stepDetectionSeconds } from '@aiops-sre/slo/rule-tests/ticket-tests.ts';
import { episodesOf } from './episodes.ts';
import { type Incident, incidentsOf, TICK_SECONDS } from './incident.ts';
import type { Outcome } from './quality.ts';
import { rangeQuery } from './range-query.ts';
import type { Scenario } from './scenario.ts';
import { readShippedRules, type ShippedRules } from './shipped-rules.ts';
import { isSignificant, type LabSeverity, SEVERITIES } from './significance.ts';
import { EVENTS_A_SECOND, type PlacedIncident, placeIncidents, samplesOf } from './timeline.ts';

export interface ReplayOptions {
  readonly scenarios: readonly Scenario[];
  /** The generated rules of an SLO of 99.9 % on http_requests_total{job="demo-app",service="storefront"}. */
  readonly rulesFile: string;
  readonly prometheus: string;
  readonly promtool: string;
  readonly onProgress: (line: string) => void;
}

const BUDGET = { errorBudget: 0.001, periodSeconds: 30 * 86_400 };
/** A time nobody lives in, so that every run makes the same blocks: 2020-01-01. */
const BEGINNING_SECONDS = 1_577_836_800;
const MINUTE_SECONDS = 60;
/** How long after an incident its alerts may still resolve. */
const WATCHED_AFTER_SECONDS: Readonly<Record<LabSeverity, number>> = { page: 3600, ticket: 6.5 * 3600 };
const STEP_SECONDS: Readonly<Record<LabSeverity, number>> = { page: TICK_SECONDS, ticket: MINUTE_SECONDS };

/**
 * Plays all incidents to the shipped alert expressions over their true windows: counters as blocks in a Prometheus of its
 * own, then one question per incident and severity. Takes some minutes for hundreds of incidents.
 */
export async function replay(options: ReplayOptions): Promise<Outcome[]> {
  const { scenarios, onProgress } = options;
  const folder = await mkdtemp(join(tmpdir(), 'alert-lab-'));
  try {
    const rules = await readShippedRules(options.rulesFile);
    const placed = placeIncidents(scenarios.flatMap(incidentsOf), BEGINNING_SECONDS);
    const expected = placed.map(({ incident }) => expectations(incident));
    const days = Math.round((placed.at(-1)!.endSeconds - BEGINNING_SECONDS) / 86_400);
    onProgress(`writing ${days} days with ${placed.length} incidents`);
    const setting = {
      ...options,
      dataFolder: join(folder, 'data'),
      configFile: join(folder, 'prometheus.yml'),
    };
    await mkdir(setting.dataFolder);
    await writeFile(setting.configFile, '{}\n');
    await writeCounters(setting, placed);
    onProgress('averaging minutes, which the long windows read');
    await writeMinutes(setting, placed, rules);
    await using server = await startPrometheus({ ...setting, retention: '100y' });
    const outcomes: Outcome[] = [];
    for (const [index, each] of placed.entries()) {
      for (const severity of SEVERITIES)
        outcomes.push(await outcomeOf(server.url, rules, each, severity, expected[index]![severity]));
      if ((index + 1) % 25 === 0) onProgress(`asked about ${index + 1} of ${placed.length} incidents`);
    }
    return outcomes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error where a scenario expects something else than the budget it spends deserves */
function expectations(incident: Incident): Readonly<Record<LabSeverity, boolean>> {
  const significant = {
    page: isSignificant(incident, 'page', BUDGET),
    ticket: isSignificant(incident, 'ticket', BUDGET),
  };
  const { name, expect } = incident.scenario;
  for (const severity of SEVERITIES)
    if (significant[severity] !== (expect[severity] === 'fires'))
      throw new Error(
        `scenario ${name} expects ${expect[severity]} of ${severity}, but ${incident.errorRatio} for ${incident.seconds} s ` +
          `${significant[severity] ? 'spends' : 'does not spend'} what that stands for`,
      );
  return significant;
}

interface Setting extends ReplayOptions {
  readonly dataFolder: string;
  readonly configFile: string;
}

async function writeCounters(
  { promtool, dataFolder }: Setting,
  placed: readonly PlacedIncident[],
): Promise<void> {
  const samples = [...samplesOf(placed, BEGINNING_SECONDS)];
  const counter = (statusClass: string, of: (sample: (typeof samples)[0]) => number): PastSeries => ({
    metric: 'http_requests_total',
    type: 'counter',
    labels: `job="demo-app",service="storefront",status_class="${statusClass}"`,
    samples: samples.map((sample) => [sample.seconds, of(sample)]),
  });
  await writePast({
    promtool,
    dataFolder,
    series: [counter('2xx', ({ good }) => good), counter('5xx', ({ bad }) => bad)],
  });
}

/** Where nothing happens the minute series are known; around incidents Prometheus computes them from the counters. */
async function writeMinutes(
  setting: Setting,
  placed: readonly PlacedIncident[],
  rules: ShippedRules,
): Promise<void> {
  const calm = [EVENTS_A_SECOND, 0];
  const series: PastSeries[] = [];
  {
    await using server = await startPrometheus({ ...setting, retention: '100y' });
    for (const [index, { record, labels, expr }] of rules.minuteSeries.entries()) {
      const samples: [number, number][] = [];
      let at = BEGINNING_SECONDS + 600;
      for (const { startSeconds, endSeconds } of placed) {
        const around = {
          fromSeconds: onMinute(startSeconds - 600),
          untilSeconds: onMinute(endSeconds + 1200),
        };
        for (; at < around.fromSeconds; at += MINUTE_SECONDS) samples.push([at, calm[index]!]);
        for (const { seconds, value } of await rangeQuery(server.url, expr, {
          ...around,
          stepSeconds: MINUTE_SECONDS,
        }))
          samples.push([seconds, value]);
        at = around.untilSeconds + MINUTE_SECONDS;
      }
      const end = placed.at(-1)!.endSeconds + 86_400;
      for (; at < end; at += MINUTE_SECONDS) samples.push([at, calm[index]!]);
      series.push({ metric: record, type: 'gauge', labels, samples });
    }
  }
  await writePast({ promtool: setting.promtool, dataFolder: setting.dataFolder, series });
}

async function outcomeOf(
  url: string,
  rules: ShippedRules,
  { incident, startSeconds, endSeconds }: PlacedIncident,
  severity: LabSeverity,
  significant: boolean,
): Promise<Outcome> {
  const stepSeconds = STEP_SECONDS[severity];
  const range = {
    // Rule groups are evaluated at times of their own; a whole multiple is as good as any.
    fromSeconds: Math.floor(startSeconds / stepSeconds) * stepSeconds,
    untilSeconds: endSeconds + WATCHED_AFTER_SECONDS[severity],
    stepSeconds,
  };
  const expressions = rules.alerts
    .filter((alert) => alert.severity === severity)
    .map(({ expr }) => `(${expr})`);
  const points = await rangeQuery(url, expressions.join(' or '), range);
  const firing = [...new Set(points.map(({ seconds }) => seconds))];
  return {
    scenario: incident.scenario.name,
    severity,
    isSignificant: significant,
    startSeconds,
    endSeconds,
    episodes: episodesOf(firing, stepSeconds),
    tableDetectionSeconds:
      incident.scenario.shape.kind === 'step' ? tableDetection(incident, severity) : undefined,
  };
}

function tableDetection(incident: Incident, severity: LabSeverity): number | undefined {
  const { pairs } = pairsFor(30, '0.001');
  const reaches = (pair: BurnRatePair) => incident.errorRatio > Number(pair.threshold);
  const times = pairs
    .filter((pair) => pair.severity === severity && reaches(pair))
    .map((pair) => stepDetectionSeconds(pair, incident.errorRatio));
  return times.length > 0 ? Math.min(...times) : undefined;
}

function onMinute(seconds: number): number {
  return Math.floor(seconds / MINUTE_SECONDS) * MINUTE_SECONDS;
}
