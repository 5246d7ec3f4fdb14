import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readDefinitions } from '../reading/read-definitions.ts';
import { type ExpressionTest, expectAlert, expectSilence } from '../rule-tests/test-file.ts';
import { promtool, runRuleTests } from '../testing/promtool-rig.ts';
import { shopDefinition } from '../testing/shop-definition.ts';

const slo = readDefinitions([{ file: 'shop.yaml', text: shopDefinition() }]).slos[0]!;
const PAGE = { alert: 'ErrorBudgetBurn', labels: { severity: 'page' } };

interface Run {
  readonly ok: string;
  readonly error: string;
  readonly tests: readonly ExpressionTest[];
  readonly annotations?: Record<string, string>;
  readonly interval?: string;
}

async function failuresOf({ ok, error, tests, annotations = {}, interval = '15s' }: Run): Promise<string> {
  const { passed, output } = await runRuleTests({
    definition: shopDefinition({ annotations }),
    evaluationInterval: interval,
    tests: [
      {
        name: 'guard',
        interval,
        input_series: [
          { series: 'shop_calls_total{result="ok"}', values: ok },
          { series: 'shop_calls_total{result="error"}', values: error },
        ],
        promql_expr_test: tests,
      },
    ],
  });
  return passed ? '' : output;
}

describe.skipIf(promtool === undefined)('guards of the alerts', { timeout: 120_000 }, () => {
  it('two failed calls at night wake nobody', async () => {
    const tests = [4, 20, 59].map((tick) => expectSilence(slo, ['page', 'ticket'], tick * 15));
    expect(await failuresOf({ ok: '100x60', error: '0x2 1x2 2x60', tests })).toBe('');
  });

  it('a minimum of bad events that is set higher delays the page until they are reached', async () => {
    expect(
      await failuresOf({
        annotations: { 'slo/minimum-bad-events': '50' },
        ok: '1000+9x80',
        error: '1000+1x80',
        tests: [expectAlert(slo, PAGE, false, 45 * 15), expectAlert(slo, PAGE, true, 55 * 15)],
      }),
    ).toBe('');
  });

  it('such a minimum does not hide an outage of a service with a call a minute', async () => {
    expect(
      await failuresOf({
        annotations: { 'slo/minimum-bad-events': '50' },
        ok: '1000x80',
        error: '1000x3 1001x3 1002x3 1003x3 1004x3 1005x3 1006x30',
        tests: [expectAlert(slo, PAGE, true, 5 * 60)],
      }),
    ).toBe('');
  });

  it('a page stays between two failures of rare calls, and ends once calls succeed', async () => {
    // A failing call every 40 minutes, so that even the 30-minute window is at times without any; then one a minute that
    // succeeds.
    const failing = Array.from({ length: 8 }, (_, call) => `${1000 + call}x39`).join(' ');
    const steady = [120, 125, 149, 155, 159, 165, 195, 275, 319].map((minute) =>
      expectAlert(slo, PAGE, true, minute * 60),
    );
    expect(
      await failuresOf({
        interval: '1m',
        ok: '1000x319 1001+1x60',
        error: `${failing} 1007x61`,
        tests: [expectAlert(slo, PAGE, false, 119 * 60), ...steady, expectAlert(slo, PAGE, false, 380 * 60)],
      }),
    ).toBe('');
  });

  it('a page outlives its telemetry by more than its longest window, and ends when telemetry shows that all is well', async () => {
    const at = (tick: number) => tick * 120;
    const absent = { alert: 'SliTelemetryAbsent', labels: { severity: 'page' } };
    expect(
      await failuresOf({
        interval: '2m',
        ok: '1000+100x10 2000x10 _x200 2000+100x30',
        error: '1000x10 1100+100x10 _x200 2100x30',
        tests: [
          expectAlert(slo, PAGE, true, at(21)),
          expectAlert(slo, absent, true, at(30)),
          expectAlert(slo, PAGE, true, at(220)),
          expectAlert(slo, absent, false, at(230)),
          expectAlert(slo, PAGE, false, at(245)),
        ],
      }),
    ).toBe('');
  });

  it('a histogram without the bucket of its threshold is missing telemetry, not an outage', async () => {
    const definition = parse(shopDefinition());
    definition.spec.indicator.spec = {
      thresholdMetric: {
        metricSource: { spec: { query: 'sum(rate(call_duration_seconds_bucket[{{.window}}]))' } },
      },
    };
    definition.spec.objectives = [{ op: 'lte', value: 0.3, target: 0.999 }];
    const { output } = await runRuleTests({
      definition: stringify(definition),
      evaluationInterval: '15s',
      tests: [
        {
          name: 'bucket',
          interval: '15s',
          input_series: ['0.25', '0.5', '+Inf'].map((le) => ({
            series: `call_duration_seconds_bucket{le="${le}"}`,
            values: '1000+10x60',
          })),
          promql_expr_test: [
            expectAlert(slo, { alert: 'SliTelemetryAbsent' }, true, 600),
            expectAlert(slo, PAGE, false, 600),
          ],
        },
      ],
    });
    expect(output).toContain('SUCCESS');
  });

  it('the budget goes through its tiers to exhaustion while everything fails', async () => {
    const minutes = (minute: number) => minute * 60;
    expect(
      await failuresOf({
        interval: '1m',
        ok: '1000x70',
        error: '1000+100x70',
        tests: [
          expectAlert(
            slo,
            { alert: 'ErrorBudgetPolicy', labels: { tier: '1', severity: 'info' } },
            false,
            minutes(14),
          ),
          expectAlert(slo, { alert: 'ErrorBudgetExhaustionNear' }, true, minutes(20)),
          expectAlert(
            slo,
            { alert: 'ErrorBudgetPolicy', labels: { tier: '1', severity: 'info' } },
            true,
            minutes(31),
          ),
          expectAlert(slo, { alert: 'ErrorBudgetExhausted' }, false, minutes(42)),
          expectAlert(slo, { alert: 'ErrorBudgetExhausted' }, true, minutes(63)),
          expectAlert(slo, { alert: 'ErrorBudgetPolicy' }, false, minutes(63)),
          {
            expr: 'count(slo:time_to_exhaustion:seconds == 0)',
            eval_time: '63m',
            exp_samples: [{ labels: '{}', value: 1 }],
          },
          {
            expr: 'count(slo:error_budget_policy:tier == 3)',
            eval_time: '63m',
            exp_samples: [{ labels: '{}', value: 1 }],
          },
        ],
      }),
    ).toBe('');
  });

  it('a healthy service never exhausts its budget', async () => {
    expect(
      await failuresOf({
        ok: '1000+100x40',
        error: '1000x40',
        tests: [
          {
            expr: 'count(slo:time_to_exhaustion:seconds == Inf)',
            eval_time: '9m',
            exp_samples: [{ labels: '{}', value: 1 }],
          },
          {
            expr: 'count(slo:time_to_exhaustion_upper:seconds == Inf)',
            eval_time: '9m',
            exp_samples: [{ labels: '{}', value: 1 }],
          },
          expectSilence(slo, ['page', 'ticket', 'info'], 540),
        ],
      }),
    ).toBe('');
  });

  /** What promtool prints of the alerts that it got instead of none. */
  const annotationsAt = async (evalTime: string, interval: string, ok: string, error: string) => {
    const { output } = await runRuleTests({
      definition: shopDefinition(),
      evaluationInterval: interval,
      tests: [
        {
          name: 'annotations',
          interval,
          input_series: [
            { series: 'shop_calls_total{result="ok"}', values: ok },
            { series: 'shop_calls_total{result="error"}', values: error },
          ],
          promql_expr_test: [],
          alert_rule_test: [{ eval_time: evalTime, alertname: 'ErrorBudgetBurn', exp_alerts: [] }],
        },
      ],
    });
    return output;
  };

  it('annotations are sentences with numbers and units, and links', async () => {
    const output = await annotationsAt('10m', '15s', '1000+75x60', '1000+25x60');
    expect(output).toContain('shop-calls burns its error budget 250.0 times too fast');
    expect(output).toMatch(
      /25(\.0+\d)?% in the last hour and 25(\.0+\d)?% in the last 5 minutes \(fires when both are over 14\.4 x budget\)/,
    );
    expect(output).toContain('-24900.0 % of the 30-day error budget is left');
    expect(output).not.toContain('it lasts');
    expect(output).toContain('http://127.0.0.1:8091/runbooks/ErrorBudgetBurn.md');
    expect(output).toContain('http://127.0.0.1:3001/d/slo-detail?var-slo=shop-calls&var-service=shop');
  });

  it('annotations say how long a budget lasts of which some is left', async () => {
    const goodHours = '1000+1000000x180';
    const output = await annotationsAt('250m', '1m', `${goodHours} 180001000+75x80`, '1000+0x180 1000+25x80');
    expect(output).toMatch(/it lasts (\d+[dhms] ?)+, at those of the last hour to day/);
  });
});
