import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { findPromtool, runPromtool } from '@aiops-sre/slo/checking/promtool.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { firingPages, flagChanges } from '../annotations.ts';
import { everyExplained } from './anomalies.ts';
import { ALL_SLOS, timeToExhaustion } from './slo.ts';

const promtool = findPromtool(process.env);

type Samples = readonly { readonly labels: string; readonly value: number }[];

/** What promtool says of an expression that should have these samples at these minutes; nothing where it has. */
async function differences(
  series: Readonly<Record<string, string>>,
  expr: string,
  expected: Readonly<Record<number, Samples>>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'promql-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const found = {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: Object.entries(expected).map(([minute, exp_samples]) => ({
          expr,
          eval_time: `${minute}m`,
          exp_samples,
        })),
      },
    ],
  };
  writeFileSync(join(folder, 'queries.test.yml'), stringify(found, { lineWidth: 0 }));
  const { passed, output } = await runPromtool(promtool!, ['test', 'rules', 'queries.test.yml'], { folder });
  return passed ? '' : output;
}

describe.skipIf(promtool === undefined)('queries of the dashboards, as Prometheus answers them', () => {
  test('a budget of which nothing is left is exhausted, also where a period that is not over may still end with some', async () => {
    const slo = (name: string) => `{slo="${name}",service="shop"}`;
    const series = {
      [`${SERIES.timeToExhaustion}${slo('missed')}`]: '32040x5',
      [`${SERIES.budgetRemaining}${slo('missed')}`]: '-69x5',
      [`${SERIES.timeToExhaustion}${slo('fine')}`]: 'Inf Inf Inf Inf',
      [`${SERIES.budgetRemaining}${slo('fine')}`]: '0.9x5',
    };
    const expected = [
      { labels: slo('missed'), value: 0 },
      { labels: slo('fine'), value: 1e9 },
    ];
    expect(await differences(series, timeToExhaustion(ALL_SLOS), { 3: expected })).toBe('');
  });

  test('a page is marked when it began, and not anew when it comes back within minutes', async () => {
    const { expr } = firingPages(ALL_SLOS).build() as unknown as { expr: string };
    const page = (more = '') => `{alertname="ErrorBudgetBurn",severity="page",service="shop",slo="a"${more}}`;
    const firing = page(',alertstate="firing"');
    const series = {
      [`ALERTS_FOR_STATE${page()}`]: '_x9 600x6 stale _x5 1320x9 stale _x40 4320x9',
      [`ALERTS${firing}`]: '_x9 1x6 stale _x5 1x9 stale _x40 1x9',
    };
    const began = (seconds: number) => [{ labels: page(), value: seconds * 1000 }];
    expect(
      await differences(series, expr, {
        8: [],
        12: began(600),
        // It came back at minute 22.
        24: [],
        74: began(4320),
      }),
    ).toBe('');
  });

  test('a flag is marked when the last process has its variant, and not while some still have the one before', async () => {
    const { expr } = flagChanges().build() as unknown as { expr: string };
    const off = (instance: string) =>
      `${METRICS.demoFeatureFlag}{flag="slow",variant="off",instance="${instance}"}`;
    const series = { [off('shop-1')]: '1 1 0 0 0 1 1 1', [off('shop-2')]: '1 1 1 0 0 0 1 1' };
    const back = [{ labels: '{flag="slow",variant="off"}', value: 360_000 }];
    expect(await differences(series, expr, { 1: [], 2: [], 4: [], 5: [], 7: back })).toBe('');
  });

  test('a watched series has its unit and direction where the detector tells, and is there where it does not', async () => {
    const series = {
      [`${METRICS.anomalyActive}{rule="errors",service="shop",instance="detector:80"}`]: '1x5',
      [`${METRICS.anomalyActive}{rule="requests",service="shop",instance="shop-1"}`]: '0x5',
      [`${METRICS.anomalyRuleInfo}{rule="errors",unit="ratio",direction="above",instance="detector:80"}`]:
        '1x5',
    };
    const expected = [
      { labels: '{rule="errors",service="shop",unit="ratio",direction="above"}', value: 1 },
      { labels: '{rule="requests",service="shop",process="shop-1"}', value: 0 },
    ];
    expect(await differences(series, everyExplained(METRICS.anomalyActive), { 3: expected })).toBe('');
  });
});
