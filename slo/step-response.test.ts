import { describe, expect, it } from 'vitest';
import { pairsFor } from './burn-rate-windows.ts';
import { inGeneratedFolder, promtool, runRuleTests } from './promtool-rig.ts';
import { readDefinitions } from './read-definitions.ts';
import { eventTimeline, type Phase } from './rule-tests/event-timeline.ts';
import { ticksOf } from './rule-tests/page-model.ts';
import { pairTest } from './rule-tests/page-tests.ts';
import { syntheticSeries } from './rule-tests/synthetic-series.ts';
import { type ExpressionTest, expectAlert, inputSeries } from './rule-tests/test-file.ts';
import { shopDefinition } from './shop-definition.ts';

const TIMEOUT_MS = 240_000;
const slo = readDefinitions([{ file: 'shop.yaml', text: shopDefinition() }]).slos[0]!;
const { pairs } = pairsFor(slo.periodDays, slo.errorBudget);
const series = syntheticSeries(slo)!;
const PAGE = { alert: 'ErrorBudgetBurn', labels: { severity: 'page' } };
const ticket = (window: string) => ({ alert: 'ErrorBudgetSlowBurn', labels: { severity: 'ticket', window } });

async function run(evaluationInterval: string, phases: readonly Phase[], tests: readonly ExpressionTest[]) {
  const input_series = inputSeries(slo, series, eventTimeline(phases));
  return await runRuleTests({
    definition: shopDefinition(),
    evaluationInterval,
    tests: [{ name: 'step', interval: '15s', input_series, promql_expr_test: tests }],
  });
}

describe.skipIf(promtool === undefined)(
  'the rules of an SLO on unknown metrics',
  { timeout: TIMEOUT_MS },
  () => {
    it.concurrent('pass their own generated tests', async () => {
      const results = await inGeneratedFolder(shopDefinition({ target: 0.995 }), (_, runTool) =>
        Promise.all([
          runTool(['check', 'rules', 'shop-calls.rules.yml']),
          runTool(['test', 'rules', 'shop-calls.tickets.test.yml']),
        ]),
      );
      expect(results.map(({ output }) => output).join('\n')).not.toContain('FAILED');
      expect(results.every(({ passed }) => passed)).toBe(true);
    });

    // The figures of the exact step response for an objective of 99.9 %, scraped and evaluated every 15 s.
    it.concurrent.each([
      { errorRatio: 1, lastsSeconds: 600, detections: [60, 135], resetSeconds: 1785 },
      { errorRatio: 0.1, lastsSeconds: 3600, detections: [525, 1305], resetSeconds: 1680 },
    ])(
      'page $detections.0 s after $errorRatio of all calls begin to fail, stop $resetSeconds s after the end, each pair to the tick',
      async ({ errorRatio, lastsSeconds, detections, resetSeconds }) => {
        const healthy = ticksOf('6h');
        // The last healthy sample is that of the evaluation before the first failing interval.
        const start = (healthy - 1) * 15;
        const end = start + lastsSeconds;
        const pairTests = detections.flatMap((seconds, index) =>
          [false, true].map((fires) =>
            pairTest(slo, pairs[index]!, fires, (start + seconds) / 15 - (fires ? 0 : 1)),
          ),
        );
        const result = await run(
          '15s',
          [{ ticks: healthy }, { ticks: lastsSeconds / 15, errorRatio }, { ticks: resetSeconds / 15 + 1 }],
          [
            expectAlert(slo, PAGE, false, start + detections[0]! - 15),
            expectAlert(slo, PAGE, true, start + detections[0]!),
            expectAlert(slo, PAGE, true, end + resetSeconds - 15),
            expectAlert(slo, PAGE, false, end + resetSeconds),
            ...pairTests,
          ],
        );
        expect(result.output).not.toContain('FAILED');
        expect(result.passed).toBe(true);
      },
    );

    it.concurrent.each([
      { errorRatio: 1, interval: '1m', day: 270, threeDays: 270, dayReset: 7170, threeDaysReset: 21_570 },
      { errorRatio: 0.1, interval: '1m', day: 2595, threeDays: 2595, dayReset: 6975, threeDaysReset: 21_375 },
      {
        errorRatio: 0.005,
        interval: '5m',
        day: 51_840,
        threeDays: 51_840,
        dayReset: 2880,
        threeDaysReset: 17_280,
      },
    ])(
      'open tickets at most 5 minutes later than $day s after $errorRatio begin to fail, never earlier, and close them likewise',
      async ({ errorRatio, interval, day, threeDays, dayReset, threeDaysReset }) => {
        const step = interval === '1m' ? 60 : 300;
        const before = (seconds: number) => (Math.ceil(seconds / step) - 1) * step;
        const after = (seconds: number) => Math.ceil(seconds / step) * step;
        const start = 900;
        // Longer than both short windows where that is cheap; the reset only depends on what the short window saw.
        const lasts =
          after(Math.max(day, threeDays) + 300) + Math.min(21_600, errorRatio < 0.1 ? 21_600 : 3600);
        const end = start + lasts;
        const result = await run(
          interval,
          [
            { ticks: start / 15 + 1 },
            { ticks: lasts / 15, errorRatio },
            { ticks: (threeDaysReset + 600) / 15 },
          ],
          [
            expectAlert(slo, ticket('1d'), false, before(start + day)),
            expectAlert(slo, ticket('1d'), true, after(start + day + 300)),
            expectAlert(slo, ticket('3d'), false, before(start + threeDays)),
            expectAlert(slo, ticket('3d'), true, after(start + threeDays + 300)),
            expectAlert(slo, ticket('1d'), true, before(end + dayReset)),
            expectAlert(slo, ticket('1d'), false, after(end + dayReset + 300)),
            expectAlert(slo, ticket('3d'), true, before(end + threeDaysReset)),
            expectAlert(slo, ticket('3d'), false, after(end + threeDaysReset + 300)),
          ],
        );
        expect(result.output).not.toContain('FAILED');
        expect(result.passed).toBe(true);
      },
    );
  },
);
