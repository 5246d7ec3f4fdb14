import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { parse, stringify } from 'yaml';
import { generateFiles } from '../generated/generate.ts';
import { readDefinitions } from '../reading/read-definitions.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import { shopDefinition } from '../testing/shop-definition.ts';
import { type PastSeries, sampled, writePast } from './past.ts';
import { startPrometheus } from './prometheus-process.ts';
import { type GroupTiming, secondsAMinute, timeRuleGroups } from './rule-timing.ts';
import { SHOP_SERIES, startShopExporter } from './shop-counters.ts';
import { provideSloth, slothRules } from './sloth.ts';

export interface RulesBenchOptions {
  readonly prometheus: string;
  readonly promtool: string;
  /** Where the compared generator is kept once built. */
  readonly cacheFolder: string;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface RulesBench {
  /** Evaluation time a minute of all groups of one SLO, in milliseconds. */
  readonly oursMs: number;
  /** The same SLO by Sloth with its defaults at the platform's evaluation interval of 15 s. */
  readonly slothMs: number;
  /** Both again at an evaluation interval of a minute, Prometheus' own default. */
  readonly oursMinuteMs: number;
  readonly slothMinuteMs: number;
  readonly manySlos: number;
  /** CPU of a whole Prometheus that evaluates them, as a share of two cores, 0..1. */
  readonly manyShareOfTwoCores: number;
  /** Longest evaluation of any of their groups, as a share of its interval. */
  readonly manyLongestShareOfInterval: number;
  readonly samples: number;
}

const DAY_SECONDS = 86_400;
const ERRORS = 'sum(rate(shop_calls_total{result="error"}[{{.window}}]))';
const TOTAL = 'sum(rate(shop_calls_total[{{.window}}]))';
/** The SLO whose groups without an interval of their own get one of a minute. */
const MINUTE_SLO = 'shop-minute';
const MANY = 500;
const FOLLOW_MS = 250_000;

/**
 * Evaluation time of one SLO's rules against those Sloth generates for it, side by side in one Prometheus with 30 days
 * of their series; then the cost of many SLOs. Takes about ten minutes.
 */
export async function measureRules(options: RulesBenchOptions): Promise<RulesBench> {
  const { onProgress, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'slo-rules-bench-'));
  try {
    onProgress('providing Sloth');
    const sloth = await provideSloth(options.cacheFolder, signal);
    await using exporter = await startShopExporter();
    const one = await compare({ ...options, folder: join(folder, 'one'), target: exporter.address, sloth });
    const many = await evaluateMany({ ...options, folder: join(folder, 'many'), target: exporter.address });
    return { ...one, ...many };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Setting extends RulesBenchOptions {
  readonly folder: string;
  readonly target: string;
}

async function compare(setting: Setting & { readonly sloth: string }) {
  const { folder, sloth, onProgress } = setting;
  await mkdir(folder, { recursive: true });
  const query = { objectivePercent: 99.9, errorQuery: ERRORS, totalQuery: TOTAL };
  await slothRules({ sloth, folder, name: 'quick', ...query });
  const minute = await slothRules({ sloth, folder, name: 'minute', ...query });
  await writeFile(minute, withInterval(await readFile(minute, 'utf8'), '1m'));
  await writeOurs(folder, [shopDefinition(), shopDefinition().replaceAll('shop-calls', MINUTE_SLO)]);
  const slow = join(folder, `${MINUTE_SLO}.rules.yml`);
  await writeFile(slow, withInterval(await readFile(slow, 'utf8'), '1m'));
  onProgress('writing 30 days of counters and of every series that a 30-day rule averages');
  const now = Date.now() / 1000;
  const ratio = (name: string, stepSeconds: number): PastSeries => ({
    metric: 'slo:sli_error:ratio_rate5m',
    type: 'gauge',
    labels: `sloth_id="shop-${name}",sloth_service="shop",sloth_slo="${name}",sloth_window="5m"`,
    samples: sampled((seconds) => 0.0005 + 0.0001 * Math.sin(seconds / 4000), {
      fromSeconds: now - 30 * DAY_SECONDS,
      untilSeconds: now - 15,
      stepSeconds,
    }),
  });
  const samples = await writePast({
    promtool: setting.promtool,
    dataFolder: await dataFolder(folder),
    series: [
      ...rawCounters(now),
      ratio('quick', 15),
      ratio('minute', 60),
      ...minuteSeries('shop-calls', now),
      ...minuteSeries(MINUTE_SLO, now),
    ],
  });
  onProgress(`following the rule groups for ${FOLLOW_MS / 1000} s`);
  const { groups } = await follow(setting);
  return {
    oursMs: 1000 * secondsAMinute(groups, 'slo-shop-calls-'),
    slothMs: 1000 * sumOf(groups, 'shop-quick'),
    oursMinuteMs: 1000 * secondsAMinute(groups, `slo-${MINUTE_SLO}-`),
    slothMinuteMs: 1000 * sumOf(groups, 'shop-minute'),
    samples,
  };
}

async function evaluateMany(setting: Setting) {
  const { folder, onProgress } = setting;
  await mkdir(folder, { recursive: true });
  const definitions = Array.from({ length: MANY }, (_, index) =>
    shopDefinition().replaceAll('shop-calls', `shop-calls-${index}`),
  );
  await writeOurs(folder, definitions);
  const now = Date.now() / 1000;
  await writePast({
    promtool: setting.promtool,
    dataFolder: await dataFolder(folder),
    series: rawCounters(now),
  });
  onProgress(`evaluating ${MANY} SLOs for ${FOLLOW_MS / 1000} s`);
  const { groups, cpuShareOfTwoCores } = await follow(setting);
  return {
    manySlos: MANY,
    manyShareOfTwoCores: cpuShareOfTwoCores,
    manyLongestShareOfInterval: Math.max(
      ...groups.map(({ maximumSeconds, intervalSeconds }) => maximumSeconds / intervalSeconds),
    ),
  };
}

async function follow({ prometheus, folder, target, signal }: Setting) {
  const configFile = join(folder, 'prometheus.yml');
  await writeFile(
    configFile,
    stringify({
      global: { scrape_interval: '15s', evaluation_interval: '15s' },
      rule_files: ['*.rules.yml'],
      scrape_configs: [{ job_name: 'shop', honor_labels: true, static_configs: [{ targets: [target] }] }],
    }),
  );
  await using server = await startPrometheus({
    prometheus,
    configFile,
    dataFolder: await dataFolder(folder),
    retention: '40d',
  });
  const before = await server.cpuSeconds();
  const startedMs = performance.now();
  const groups = await timeRuleGroups(server.url, FOLLOW_MS, signal);
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  const cpuShareOfTwoCores = ((await server.cpuSeconds()) - before) / elapsedSeconds / 2;
  return { groups, cpuShareOfTwoCores };
}

/** Every 15 s in the days that rules read from counters, every 2 minutes before. */
function rawCounters(now: number): PastSeries[] {
  const recent = now - 3.2 * DAY_SECONDS;
  return SHOP_SERIES.map(({ labels, at }) => ({
    metric: 'shop_calls_total',
    type: 'counter' as const,
    labels,
    samples: [
      ...sampled(at, { fromSeconds: now - 30 * DAY_SECONDS, untilSeconds: recent, stepSeconds: 120 }),
      ...sampled(at, { fromSeconds: recent, untilSeconds: now - 15, stepSeconds: 15 }),
    ],
  }));
}

function minuteSeries(slo: string, now: number): PastSeries[] {
  return [
    { metric: SERIES.badRateMinute, rate: 0.06 },
    { metric: SERIES.totalRateMinute, rate: 120 },
  ].map(({ metric, rate }) => ({
    metric,
    type: 'gauge' as const,
    labels: `service="shop",slo="${slo}"`,
    samples: sampled((seconds) => rate * (1 + 0.3 * Math.sin(seconds / 14_000)), {
      fromSeconds: now - 30 * DAY_SECONDS,
      untilSeconds: now - 15,
      stepSeconds: 60,
    }),
  }));
}

async function writeOurs(folder: string, definitions: readonly string[]): Promise<void> {
  const files = definitions.map((text, index) => ({ file: `${index}.yaml`, text }));
  for (const [name, text] of generateFiles(readDefinitions(files), DEFAULT_LINK_BASES))
    if (name.endsWith('.rules.yml')) await writeFile(join(folder, name), text);
}

async function dataFolder(folder: string): Promise<string> {
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  return data;
}

function withInterval(rules: string, interval: string): string {
  const { groups } = parse(rules) as { groups: Record<string, unknown>[] };
  return stringify({ groups: groups.map((group) => ({ interval, ...group })) });
}

/** Sloth's groups end with the id of their SLO. */
function sumOf(groups: readonly GroupTiming[], id: string): number {
  return secondsAMinute(
    groups.filter(({ name }) => name.startsWith('sloth-') && name.endsWith(id)),
    'sloth-',
  );
}
