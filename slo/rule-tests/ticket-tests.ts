import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { SERIES, sloSelector } from '@aiops-sre/conventions/slo-series.ts';
import type { BurnRatePair } from '../model/burn-rate-windows.ts';
import { secondsOf } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { eventTimeline, type Phase } from './event-timeline.ts';
import { TICK_SECONDS } from './page-model.ts';
import type { SyntheticSeries } from './synthetic-series.ts';
import {
  type ExpressionTest,
  expectAlert,
  expectOne,
  expectSilence,
  inputSeries,
  type RuleTest,
} from './test-file.ts';

/** Evaluations of days every 15 s would take minutes, and tickets may be five minutes late anyway. */
export const TICKET_TEST_INTERVAL = '5m';
const STEP_SECONDS = secondsOf(TICKET_TEST_INTERVAL);
const TOLERANCE_SECONDS = 300;
const MARGIN = 1.02;

/** Tickets and the budget itself. A window counts what it has no data for as good, so that none needs a long past. */
export function ticketTests(slo: Slo, series: SyntheticSeries): RuleTest[] {
  const pairs = slo.pairs.filter(({ severity }) => severity === 'ticket');
  const test = (name: string, phases: readonly Phase[], tests: readonly ExpressionTest[]): RuleTest => ({
    name: `${slo.name}: ${name}`,
    interval: `${TICK_SECONDS}s`,
    input_series: inputSeries(slo, series, eventTimeline(phases)),
    promql_expr_test: tests,
  });
  return [
    ...(pairs.length > 0 ? [stepTest(slo, pairs, test)] : []),
    ...pairs.filter(({ long }) => long === '1d').map((pair) => factorTest(slo, pair, test)),
    budgetTest(slo, test),
  ];
}

type MakeTest = (name: string, phases: readonly Phase[], tests: readonly ExpressionTest[]) => RuleTest;

/** First evaluation, in seconds after errors begin, at which a pair fires on counters that are read as they are. */
export function stepDetectionSeconds(pair: BurnRatePair, errorRatio: number): number {
  const intervals = secondsOf(pair.long) / TICK_SECONDS - 1;
  return (Math.floor((intervals * Number(pair.threshold)) / errorRatio) + 1) * TICK_SECONDS;
}

/** Seconds after the end of errors that outlasted the short window. */
export function stepResetSeconds(pair: BurnRatePair, errorRatio: number): number {
  const intervals = secondsOf(pair.short) / TICK_SECONDS - 1;
  // The window still fires with one interval more than its threshold's share of bad ones.
  return (intervals - Math.floor((intervals * Number(pair.threshold)) / errorRatio)) * TICK_SECONDS;
}

function stepTest(slo: Slo, pairs: readonly BurnRatePair[], test: MakeTest): RuleTest {
  const errorRatio = [0.1, 0.2, 0.5, 1].find((ratio) => ratio > 4 * Number(pairs[0]!.threshold)) ?? 1;
  const reachable = pairs.filter((pair) => Number(pair.threshold) * MARGIN < errorRatio);
  const healthy = STEP_SECONDS;
  const detections = reachable.map((pair) => stepDetectionSeconds(pair, errorRatio));
  const failing = onGrid(Math.max(...detections) + TOLERANCE_SECONDS) + STEP_SECONDS;
  const longest = Math.max(...reachable.map(({ short }) => secondsOf(short)));
  const phases: Phase[] = [
    { ticks: healthy / TICK_SECONDS + 1 },
    { ticks: failing / TICK_SECONDS, errorRatio },
    { ticks: (longest + 2 * TOLERANCE_SECONDS) / TICK_SECONDS },
  ];
  return test(
    `tickets come at most five minutes after the time that ${errorRatio * 100} % bad events give, never before, and resolve`,
    phases,
    reachable.flatMap((pair) => {
      const detection = healthy + stepDetectionSeconds(pair, errorRatio);
      const resolved = healthy + failing + secondsOf(pair.short) + TOLERANCE_SECONDS;
      return [
        expectAlert(slo, ticketOf(pair), false, onGrid(detection) - STEP_SECONDS),
        expectAlert(slo, ticketOf(pair), true, onGrid(detection + TOLERANCE_SECONDS)),
        expectAlert(slo, ticketOf(pair), false, onGrid(resolved)),
      ];
    }),
  );
}

/** A steady ratio just under a factor for the whole long window. */
function factorTest(slo: Slo, pair: BurnRatePair, test: MakeTest): RuleTest {
  const long = secondsOf(pair.long);
  return test(
    `${pair.factor} x over ${pair.long} is silent just under its factor`,
    [{ ticks: long / TICK_SECONDS + 1, errorRatio: Number(pair.threshold) / MARGIN }],
    [expectAlert(slo, ticketOf(pair), false, onGrid(long))],
  );
}

/** Half of the budgeted share of bad events for some hours: what is left, what is projected, and the tier that follows. */
function budgetTest(slo: Slo, test: MakeTest): RuleTest {
  const budget = Number(slo.errorBudget);
  const hours = 4;
  const errorRatio = budget / 2;
  const seconds = hours * 3600;
  const near = (series: string, expected: number, tolerance: number) =>
    expectOne(
      `count(abs(${series}${sloSelector(slo)} - ${Number(expected.toFixed(6))}) < ${tolerance})`,
      true,
      seconds,
    );
  const share = seconds / secondsOf(`${slo.periodDays}d`);
  return test(
    'half of the budgeted share of bad events leaves half of the budget, and nothing to do while the service is young',
    [{ ticks: seconds / TICK_SECONDS + 1, errorRatio }],
    [
      near(SERIES.budgetRemaining, 0.5, 0.001),
      near(SERIES.budgetProjected, 1 - share / 2, 0.001),
      near(SERIES.periodData, share, 0.001),
      near(SERIES.currentBurnRate, 0.5, 0.001),
      expectOne(`count(${SERIES.policyTier}${sloSelector(slo)} == 0)`, true, seconds),
      expectSilence(slo, ['page', 'ticket', 'info'], seconds),
    ],
  );
}

function ticketOf(pair: BurnRatePair) {
  return { alert: ALERTS.errorBudgetSlowBurn, labels: { severity: 'ticket', window: pair.long } };
}

/** The first evaluation at or after a time. */
function onGrid(seconds: number): number {
  return Math.ceil(seconds / STEP_SECONDS) * STEP_SECONDS;
}
