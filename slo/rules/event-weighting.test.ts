import { describe, expect, it } from 'vitest';
import { promtool, runRuleTests } from '../testing/promtool-rig.ts';
import { shopDefinition } from '../testing/shop-definition.ts';

describe.skipIf(promtool === undefined)('a budget weighted by events', { timeout: 120_000 }, () => {
  it('loses a millionth to one failure in a quiet hour beside a busy day of a million', async () => {
    // 1,000,000 good calls in 24 h; then an hour with a single call, which fails.
    const busy = Math.round(1_000_000 / 1440);
    const events = busy * 1440 + 1;
    const remaining = 1 - 1 / events / 0.001;
    const { output, passed } = await runRuleTests({
      definition: shopDefinition(),
      evaluationInterval: '1m',
      tests: [
        {
          name: 'weights',
          interval: '1m',
          input_series: [
            {
              series: 'shop_calls_total{result="ok"}',
              values: `5000000+${busy}x1440 ${5_000_000 + busy * 1440}x70`,
            },
            { series: 'shop_calls_total{result="error"}', values: '7x1470 8x41' },
          ],
          promql_expr_test: [
            {
              expr: `count(abs(slo:period_error_budget_remaining:ratio - ${remaining}) < 0.0002)`,
              eval_time: '1505m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
            {
              // Something is spent at all: the failure is counted.
              expr: 'count(slo:period_error_budget_remaining:ratio < 0.9995)',
              eval_time: '1505m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
            {
              expr: `count(abs(slo:period_events:count - ${events}) < ${events * 0.01})`,
              eval_time: '1505m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
          ],
        },
      ],
    });
    expect(output).not.toContain('FAILED');
    expect(passed).toBe(true);
  });
});
