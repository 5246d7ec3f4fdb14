import { describe, expect, it } from 'vitest';
import { readDefinitions } from '../reading/read-definitions.ts';
import { eventTimeline, type Phase } from '../rule-tests/event-timeline.ts';
import { ticksOf } from '../rule-tests/page-model.ts';
import { pairTest } from '../rule-tests/page-tests.ts';
import { type SyntheticSeries, syntheticSeries } from '../rule-tests/synthetic-series.ts';
import { type ExpressionTest, expectAlert, inputSeries } from '../rule-tests/test-file.ts';
import { inGeneratedFolder, promtool, type RuleTestRun, runRuleTests } from '../testing/promtool-rig.ts';
import { shopDefinition } from '../testing/shop-definition.ts';

const TIMEOUT_MS = 240_000;
const TICK_SECONDS = 15;
const LATE_SECONDS = 300;
const NEVER = 'never' as const;
const slo = readDefinitions([{ file: 'shop.yaml', text: shopDefinition() }]).slos[0]!;
const { pairs } = slo;
const [fast, slow] = [pairs[0]!, pairs[1]!];
const series = syntheticSeries(slo) as SyntheticSeries;
const PAGE = { alert: 'ErrorBudgetBurn', labels: { severity: 'page' } };
const ticket = (window: string) => ({ alert: 'ErrorBudgetSlowBurn', labels: { severity: 'ticket', window } });

interface Run extends Pick<RuleTestRun, 'evaluationInterval' | 'groups'> {
  readonly phases: readonly Phase[];
  readonly tests: readonly ExpressionTest[];
}

async function failuresOf({ phases, tests, ...run }: Run): Promise<string> {
  const input_series = inputSeries(slo, series, eventTimeline(phases));
  const { passed, output } = await runRuleTests({
    ...run,
    definition: shopDefinition(),
    tests: [{ name: 'step', interval: '15s', input_series, promql_expr_test: tests }],
  });
  return passed ? '' : output;
}

/** That at no evaluation from the first one until then such an alert fired. */
function silentUntil(labels: Readonly<Record<string, string>>, seconds: number): ExpressionTest {
  const matchers = Object.entries({ alertstate: 'firing', slo: slo.name, ...labels });
  const selector = matchers.map(([label, value]) => `${label}="${value}"`).join(',');
  return {
    expr: `max_over_time(ALERTS{${selector}}[${seconds + TICK_SECONDS}s])`,
    eval_time: `${seconds}s`,
    exp_samples: [],
  };
}

/** The last silent and the first firing evaluation of a page pair, or silence at the end of a step that it never sees. */
function detectionTests(
  pair: typeof fast,
  start: number,
  seconds: number | typeof NEVER,
  end: number,
): ExpressionTest[] {
  if (seconds === NEVER) return [pairTest(slo, pair, false, end / TICK_SECONDS)];
  const tick = (start + seconds) / TICK_SECONDS;
  return [pairTest(slo, pair, false, tick - 1), pairTest(slo, pair, true, tick)];
}

// The figures of the exact step response for an objective of 99.9 %, scraped and evaluated every 15 s.
describe.skipIf(promtool === undefined)(
  'the rules of an SLO on unknown metrics',
  { timeout: TIMEOUT_MS },
  () => {
    it.concurrent('are valid and pass their own generated tests', async () => {
      const results = await inGeneratedFolder(shopDefinition(), (_, runTool) =>
        Promise.all([
          runTool(['check', 'rules', '--lint-fatal', 'shop-calls.rules.yml']),
          runTool(['test', 'rules', 'shop-calls.test.yml']),
          runTool(['test', 'rules', 'shop-calls.tickets.test.yml']),
        ]),
      );
      expect(results.map(({ passed, output }) => (passed ? '' : output))).toEqual(['', '', '']);
    });

    it.concurrent.each([
      { errorRatio: 1, lasts: 60, fastAfter: 60, slowAfter: NEVER, resets: 285 },
      { errorRatio: 1, lasts: 120, fastAfter: 60, slowAfter: NEVER, resets: 285 },
      { errorRatio: 1, lasts: 600, fastAfter: 60, slowAfter: 135, resets: 1785 },
      { errorRatio: 0.1, lasts: 900, fastAfter: 525, slowAfter: NEVER, resets: 255 },
      { errorRatio: 0.1, lasts: 3600, fastAfter: 525, slowAfter: 1305, resets: 1680 },
      { errorRatio: 0.01, lasts: 21_600, fastAfter: NEVER, slowAfter: 12_960, resets: 720 },
    ])(
      'page at the tick: $errorRatio failing for $lasts s, the 14.4 x pair after: $fastAfter, the 6 x pair after: $slowAfter, resolved after: $resets s',
      async ({ errorRatio, lasts, fastAfter, slowAfter, resets }) => {
        const healthy = ticksOf('6h');
        // The last healthy sample is that of the evaluation before the first failing interval.
        const start = (healthy - 1) * TICK_SECONDS;
        const end = start + lasts;
        const fires = start + Math.min(...[fastAfter, slowAfter].filter((seconds) => seconds !== NEVER));
        const failures = await failuresOf({
          evaluationInterval: '15s',
          groups: ['page'],
          phases: [
            { ticks: healthy },
            { ticks: lasts / TICK_SECONDS, errorRatio },
            { ticks: resets / TICK_SECONDS + 1 },
          ],
          tests: [
            silentUntil({ severity: 'page' }, fires - TICK_SECONDS),
            expectAlert(slo, PAGE, true, fires),
            expectAlert(slo, PAGE, true, end + resets - TICK_SECONDS),
            expectAlert(slo, PAGE, false, end + resets),
            ...detectionTests(fast, start, fastAfter, end),
            ...detectionTests(slow, start, slowAfter, end),
          ],
        });
        expect(failures).toBe('');
      },
    );

    it.concurrent('never page for 0.2 % and 0.5 % of all calls', async () => {
      const phases = [
        { ticks: ticksOf('2h'), errorRatio: 0.002 },
        { ticks: ticksOf('6h'), errorRatio: 0.005 },
      ];
      const end = (ticksOf('8h') - 1) * TICK_SECONDS;
      const tests = [
        silentUntil({ severity: 'page' }, end),
        ...[fast, slow].map((pair) => pairTest(slo, pair, false, end / TICK_SECONDS)),
      ];
      expect(await failuresOf({ evaluationInterval: '15s', groups: ['page'], phases, tests })).toBe('');
    });

    it.concurrent.each([
      { errorRatio: 1, step: 60, day: 270, threeDays: 270, dayResets: 7170, threeDaysReset: 21_570 },
      { errorRatio: 0.1, step: 60, day: 2595, threeDays: 2595, dayResets: 6975, threeDaysReset: 21_375 },
      { errorRatio: 0.01, step: 60, day: 25_920, threeDays: 25_920, dayResets: 5040, threeDaysReset: 19_440 },
      {
        errorRatio: 0.005,
        step: 300,
        day: 51_840,
        threeDays: 51_840,
        dayResets: 2880,
        threeDaysReset: 17_280,
      },
      {
        errorRatio: 0.002,
        step: 300,
        day: NEVER,
        threeDays: 129_600,
        dayResets: NEVER,
        threeDaysReset: 10_800,
      },
    ])(
      'open and close tickets at most 5 minutes late, never early: $errorRatio failing, 3 x after: $day, 1 x after: $threeDays s',
      async ({ errorRatio, step, day, threeDays, dayResets, threeDaysReset }) => {
        // Evaluations are at whole steps: start and end lie so that one of them is a tick before each figure.
        const before = (earliest: number, seconds: number) =>
          Math.ceil((earliest + seconds - TICK_SECONDS) / step) * step - seconds + TICK_SECONDS;
        const start = before(900, threeDays);
        // Longer than the short windows where that is cheap; the reset only depends on what they saw at its end.
        const end = before(
          start + threeDays + LATE_SECONDS + (errorRatio < 0.1 ? 21_600 : 3600),
          threeDaysReset,
        );
        const within5Minutes = (alert: ReturnType<typeof ticket>, fires: boolean, seconds: number) => [
          expectAlert(slo, alert, !fires, seconds - TICK_SECONDS),
          expectAlert(slo, alert, fires, seconds - TICK_SECONDS + LATE_SECONDS),
        ];
        const last = end + threeDaysReset + LATE_SECONDS;
        const failures = await failuresOf({
          evaluationInterval: `${step}s`,
          phases: [
            { ticks: start / TICK_SECONDS + 1 },
            { ticks: (end - start) / TICK_SECONDS, errorRatio },
            { ticks: (last - end) / TICK_SECONDS },
          ],
          tests: [
            silentUntil(
              { severity: 'ticket', alertname: 'ErrorBudgetSlowBurn' },
              start + threeDays - TICK_SECONDS,
            ),
            ...within5Minutes(ticket('3d'), true, start + threeDays),
            ...within5Minutes(ticket('3d'), false, end + threeDaysReset),
            ...(day === NEVER
              ? [silentUntil(ticket('1d').labels, last - TICK_SECONDS)]
              : [
                  ...within5Minutes(ticket('1d'), true, start + day),
                  ...within5Minutes(ticket('1d'), false, end + dayResets),
                ]),
            ...(errorRatio < Number(slow.threshold)
              ? [silentUntil({ severity: 'page' }, last - TICK_SECONDS)]
              : []),
          ],
        });
        expect(failures).toBe('');
      },
    );
  },
);
