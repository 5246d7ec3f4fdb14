import { describe, expect, it } from 'vitest';
import type { ExpressionTest } from '../rule-tests/test-file.ts';
import { promtool, type RuleTestRun, runRuleTests } from '../testing/promtool-rig.ts';
import { type ShopDefinition, shopDefinition } from '../testing/shop-definition.ts';

interface Run {
  readonly definition: ShopDefinition;
  /** Samples by series. */
  readonly series: Readonly<Record<string, string>>;
  /** Expressions by minute that have to have exactly one result, whose value is 1, or none. */
  readonly holds?: readonly (readonly [minute: number, expr: string])[];
  readonly empty?: readonly (readonly [minute: number, expr: string])[];
  readonly interval?: string;
  readonly groups?: RuleTestRun['groups'];
  readonly startTimestamp?: string;
}

async function failuresOf({
  definition,
  series,
  holds = [],
  empty = [],
  interval = '1m',
  ...run
}: Run): Promise<string> {
  const test =
    (present: boolean) =>
    ([minute, expr]: readonly [number, string]): ExpressionTest => ({
      expr: present ? `count(${expr})` : expr,
      eval_time: `${minute}m`,
      exp_samples: present ? [{ labels: '{}', value: 1 }] : [],
    });
  const { passed, output } = await runRuleTests({
    definition: shopDefinition(definition),
    evaluationInterval: interval,
    ...(run.groups ? { groups: run.groups } : {}),
    tests: [
      {
        name: 'telemetry',
        interval,
        ...(run.startTimestamp ? { start_timestamp: run.startTimestamp } : {}),
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [...holds.map(test(true)), ...empty.map(test(false))],
      },
    ],
  });
  return passed ? '' : output;
}

const firing = (alertname: string, labels = '') =>
  `ALERTS{alertname="${alertname}",alertstate="firing"${labels && `,${labels}`}}`;
const near = (series: string, value: number, tolerance: number) => `abs(${series} - ${value}) < ${tolerance}`;
const rate = (selector: string) => `sum(rate(${selector}[{{.window}}]))`;
const OK = 'shop_calls_total{result="ok"}';
const ERROR = 'shop_calls_total{result="error"}';

describe.skipIf(promtool === undefined)('telemetry as it really is', { timeout: 240_000 }, () => {
  it('fallbacks that keep a query alive hide no absence, and no page ends by it', async () => {
    expect(
      await failuresOf({
        definition: {
          ratio: {
            bad: `${rate(ERROR)} or vector(0)`,
            total: `${rate('shop_calls_total')} or on() vector(1)`,
          },
        },
        series: { [OK]: '1000x30 _x60', [ERROR]: '1000+100x30 _x60' },
        holds: [
          [29, firing('ErrorBudgetBurn')],
          [45, firing('SliTelemetryAbsent')],
          [85, firing('ErrorBudgetBurn')],
        ],
        empty: [[34, firing('SliTelemetryAbsent')]],
      }),
    ).toBe('');
  });

  it('counters that are no number for a while leave no mark, are no absence, and never fine', async () => {
    const numbers = 'sum({__name__=~"slo:(sli|period).+"}) > -Inf';
    expect(
      await failuresOf({
        definition: { target: 0.99 },
        series: {
          [OK]: `0+98x60 NaN NaN NaN ${98 * 64}+98x200`,
          [ERROR]: `0+2x60 NaN NaN NaN ${2 * 64}+2x200`,
        },
        holds: [
          [100, near('slo:sli_error:ratio_rate1d', 0.02, 0.0005)],
          [100, near('slo:sli_error:ratio_rate30d', 0.02, 0.0005)],
          [100, near('slo:sli_error:ratio_rate6h', 0.02, 0.0005)],
          [100, near('slo:period_error_budget_remaining:ratio', -1, 0.05)],
          [62, numbers],
          [100, numbers],
        ],
        empty: [
          [66, firing('SliTelemetryAbsent')],
          [72, firing('SliTelemetryAbsent')],
        ],
      }),
    ).toBe('');
  });

  it('a query that divides nothing by nothing counts the minutes that it knows', async () => {
    const bad =
      'avg(rate(edge_errors[{{.window}}])) / avg(rate(edge_tries[{{.window}}])) * sum(rate(edge_requests[{{.window}}]))';
    expect(
      await failuresOf({
        definition: { target: 0.9, ratio: { bad, total: rate('edge_requests') } },
        series: {
          edge_requests: '0+100x300',
          edge_tries: '0+100x100 10000x20 10000+100x180',
          edge_errors: '0+5x100 500x20 500+5x180',
        },
        holds: [
          [115, near('slo:sli_error:ratio_rate1d', 0.05, 0.001)],
          [200, near('slo:sli_error:ratio_rate1d', 0.05, 0.001)],
          [200, near('slo:sli_error:ratio_rate30d', 0.05, 0.001)],
        ],
        empty: [
          [118, 'slo:sli_error:ratio_rate5m'],
          [120, firing('SliTelemetryAbsent')],
        ],
      }),
    ).toBe('');
  });

  it('an indicator without a number for half an hour of events is somebody to be told', async () => {
    expect(
      await failuresOf({
        definition: {},
        series: { [OK]: '0+98x60', [ERROR]: `0x9${' NaN'.repeat(51)}` },
        holds: [[55, firing('SliTelemetryAbsent')]],
        empty: [[30, firing('SliTelemetryAbsent')]],
      }),
    ).toBe('');
  });

  it('more good events than events are a series and a ticket', async () => {
    expect(
      await failuresOf({
        definition: { ratio: { good: rate('shop_ok_total'), total: rate('shop_calls_total') } },
        series: { shop_ok_total: '0+20x120', shop_calls_total: '0+10x120' },
        holds: [
          [100, near('slo:sli_good:ratio_rate1h', 2, 0.01)],
          [100, firing('SliGoodExceedsTotal', 'severity="ticket"')],
        ],
      }),
    ).toBe('');
  });

  it('each group is an SLO of its own: it pages alone, and is missed alone', async () => {
    const by = (selector: string) => `sum by (depot) (rate(${selector}[{{.window}}]))`;
    const only = (depot: string) => `depot="${depot}",slo_group="depot=${depot}"`;
    expect(
      await failuresOf({
        definition: { ratio: { bad: by(ERROR), total: by('shop_calls_total') } },
        series: {
          'shop_calls_total{result="ok",depot="north"}': '0+100x90',
          'shop_calls_total{result="error",depot="north"}': '0x90',
          'shop_calls_total{result="ok",depot="south"}': '0x40 _x50',
          'shop_calls_total{result="error",depot="south"}': '0+100x40 _x50',
        },
        holds: [
          [30, firing('ErrorBudgetBurn', only('south'))],
          [30, firing('ErrorBudgetBurn')],
          [60, firing('SliTelemetryAbsent', only('south'))],
          [80, firing('ErrorBudgetBurn', only('south'))],
          [30, near('slo:period_error_budget_remaining:ratio{depot="north"}', 1, 0.0001)],
        ],
        empty: [[80, firing('SliTelemetryAbsent', only('north'))]],
      }),
    ).toBe('');
  });

  it('samples of a gauge are counted as so many events as there are', async () => {
    const over = (name: string) => `sum(${name}(probe_success{job="door"}[{{.window}}]))`;
    expect(
      await failuresOf({
        definition: { target: 0.99, ratio: { good: over('sum_over_time'), total: over('count_over_time') } },
        series: { 'probe_success{job="door"}': '1x60 0x30' },
        holds: [
          [50, near('slo:sli_total:rate1h * 3600', 51, 1.5)],
          [75, near('slo:sli_error:ratio_rate1h * slo:sli_total:rate1h * 3600', 15, 1)],
          [75, firing('ErrorBudgetBurn')],
        ],
      }),
    ).toBe('');
  });

  it('increase is the rate of the same events', async () => {
    const sum = (selector: string) => `sum(increase(${selector}[{{.window}}]))`;
    expect(
      await failuresOf({
        definition: { ratio: { bad: sum(ERROR), total: sum('shop_calls_total') } },
        series: { [OK]: '0+60x30', [ERROR]: '0x30' },
        holds: [[20, near('slo:sli_total:rate5m', 1, 0.001)]],
      }),
    ).toBe('');
  });

  it('native histograms are split at the bound, and without traffic nothing is amiss', async () => {
    const values =
      '{{schema:0 sum:0 count:1000 buckets:[500 500]}}+{{schema:0 sum:100 count:100 buckets:[98 2]}}x30';
    const quiet = '{{schema:0 sum:0 count:1000 buckets:[500 500]}}x30';
    expect(
      await failuresOf({
        definition: {
          threshold: rate('sort_seconds'),
          spec: { objectives: [{ op: 'lte', value: 1, target: 0.95 }] },
        },
        series: { sort_seconds: values, 'sort_seconds{kind="idle"}': quiet },
        holds: [[25, near('slo:sli_error:ratio_rate5m', 0.02, 0.001)]],
        empty: [[25, firing('SliTelemetryAbsent')]],
      }),
    ).toBe('');
  });

  it('labels of the definition are on every rule and alert', async () => {
    const labels = 'team="night-crew",env="prod"';
    expect(
      await failuresOf({
        definition: { labels: { team: 'night-crew', env: ['prod'] } },
        series: { [OK]: '1000x40', [ERROR]: '1000+100x40' },
        holds: [
          [30, firing('ErrorBudgetBurn', labels)],
          [30, `slo:period_error_budget_remaining:ratio{${labels}}`],
        ],
        empty: [[30, '{slo="shop-calls",team!="night-crew"}']],
      }),
    ).toBe('');
  });

  it('minutes are bad or good where time slices are the budget', async () => {
    expect(
      await failuresOf({
        definition: {
          spec: {
            budgetingMethod: 'Timeslices',
            objectives: [{ target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: '1m' }],
          },
        },
        interval: '30s',
        // Half of all calls fail for ten minutes, and then one in a hundred: ten bad minutes of sixty.
        series: { [OK]: '0+50x40 2000+25x20 2500+99x60', [ERROR]: '0x40 0+25x20 500+1x60' },
        holds: [[58, near('slo:sli_error:ratio_rate1h', 10 / 58, 0.02)]],
      }),
    ).toBe('');
  });

  it('a budget of the month begins anew in its time zone', async () => {
    const calendar = { startTime: '2026-01-01 00:00:00', timeZone: 'Asia/Tokyo' };
    expect(
      await failuresOf({
        definition: { spec: { timeWindow: [{ duration: '1M', isRolling: false, calendar }] } },
        startTimestamp: '2026-05-31T12:00:00Z',
        // In Tokyo the month ends after three hours, at 15:00 UTC; failures end a quarter of an hour before.
        series: { [OK]: '0+50x165 8250+100x200', [ERROR]: '0+50x165 8250x200' },
        holds: [
          [170, near('slo:sli_error:ratio_rate1M', 0.47, 0.05)],
          [170, 'slo:time_period:days == 31'],
          [220, 'slo:period_error_budget_remaining:ratio == 1'],
          [220, 'slo:time_period:days == 30'],
          [220, near('slo:period_data:ratio', 38 / 43_200, 0.0008)],
        ],
      }),
    ).toBe('');
  });
});
