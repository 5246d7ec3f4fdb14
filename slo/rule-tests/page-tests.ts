import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { errorRatio, sloSelector } from '@aiops-sre/conventions/slo-series.ts';
import type { BurnRatePair } from '../model/burn-rate-windows.ts';
import type { Slo } from '../model/slo.ts';
import { type EventTimeline, eventTimeline, type Phase } from './event-timeline.ts';
import { pageModel, pairFires, TICK_SECONDS, ticksOf } from './page-model.ts';
import type { SyntheticSeries } from './synthetic-series.ts';
import {
  type ExpressionTest,
  expectAlert,
  expectOne,
  expectSilence,
  inputSeries,
  type RuleTest,
} from './test-file.ts';

const PAGE = { alert: ALERTS.errorBudgetBurn, labels: { severity: 'page' } };
/** Long enough to fill the quicker pair's windows; the 6 h one is as old as the service, which the model knows. */
const HEALTHY: Phase = { ticks: ticksOf('1h') };
const MARGIN = 1.02;

/** Everything that may or may not page, at every evaluation of 15 s. */
export function pageTests(slo: Slo, series: SyntheticSeries): RuleTest[] {
  const pairs = slo.pairs.filter(({ severity }) => severity === 'page');
  const test = (name: string, timeline: EventTimeline, tests: readonly ExpressionTest[]): RuleTest => ({
    name: `${slo.name}: ${name}`,
    interval: `${TICK_SECONDS}s`,
    input_series: inputSeries(slo, series, timeline),
    promql_expr_test: tests,
  });
  return [
    ...(pairs.length > 0 ? [incidentTest(slo, pairs, test)] : []),
    ...pairs.flatMap((pair) => factorTests(slo, pair, pair === pairs.at(-1), test)),
    ...edgeTests(slo, pairs, test),
  ];
}

type MakeTest = (name: string, timeline: EventTimeline, tests: readonly ExpressionTest[]) => RuleTest;

/** After an hour without errors: incidents of several error ratios, each with its first and its last firing evaluation. */
function incidentTest(slo: Slo, pairs: readonly BurnRatePair[], test: MakeTest): RuleTest {
  const phases: Phase[] = [HEALTHY];
  for (const errorRatio of incidentRatios(pairs)) {
    const before = phases.reduce((sum, { ticks }) => sum + ticks, 0);
    const lasting = [...phases, { ticks: ticksOf('6h'), errorRatio }];
    const firesAt = pageModel(eventTimeline(lasting), pairs).indexOf(true, before);
    if (firesAt < 0) continue;
    phases.push(
      { ticks: Math.max(firesAt - before + 2, ticksOf('5m') / 2), errorRatio },
      { ticks: ticksOf('30m') + 2 },
    );
  }
  const timeline = eventTimeline(phases);
  const model = pageModel(timeline, pairs);
  const changes = model.flatMap((fires, tick) => (tick > 0 && fires !== model[tick - 1] ? [tick] : []));
  const pairChanges = pairs.flatMap((pair) => {
    const tick = model.findIndex((_, each) => pairFires(timeline, each, pair));
    return tick < 0 ? [] : [false, true].map((fires) => pairTest(slo, pair, fires, tick - (fires ? 0 : 1)));
  });
  return test(
    'pages at the evaluation that the error ratio and the windows give, and resolves likewise',
    timeline,
    [
      ...changes.flatMap((tick) => [
        expectAlert(slo, PAGE, model[tick - 1]!, (tick - 1) * TICK_SECONDS),
        expectAlert(slo, PAGE, model[tick]!, tick * TICK_SECONDS),
      ]),
      ...pairChanges,
    ],
  );
}

/** All failing, and the least of a half, a fifth, a tenth that still reaches the quickest pair. */
function incidentRatios(pairs: readonly BurnRatePair[]): number[] {
  const threshold = Number(pairs[0]!.threshold);
  const partial = [0.1, 0.2, 0.5].find((ratio) => ratio > 1.5 * threshold);
  return partial === undefined ? [1] : [1, partial];
}

/** Expects a pair by itself to hold or not at a tick: in the alert another one may fire. */
export function pairTest(slo: Slo, pair: BurnRatePair, fires: boolean, tick: number): ExpressionTest {
  const over = (window: string) =>
    `${errorRatio(window)}${sloSelector(slo)} > ${pair.factor} * ${slo.errorBudget}`;
  return expectOne(`count(${over(pair.long)} and ${over(pair.short)})`, fires, tick * TICK_SECONDS);
}

/** A steady error ratio on either side of the factor; windows of a young service are as old as it is, and all alike. */
function factorTests(slo: Slo, pair: BurnRatePair, isLowest: boolean, test: MakeTest): RuleTest[] {
  const ticks = ticksOf('5m');
  const last = ticks - 1;
  const steady = (errorRatio: number) => eventTimeline([{ ticks, errorRatio }]);
  const threshold = Number(pair.threshold);
  return [
    test(`${pair.factor} x over ${pair.long} is silent just under its factor`, steady(threshold / MARGIN), [
      pairTest(slo, pair, false, last),
      ...(isLowest ? [expectAlert(slo, PAGE, false, last * TICK_SECONDS)] : []),
    ]),
    test(
      `${pair.factor} x over ${pair.long} fires just over its factor`,
      steady(Math.min(1, threshold * MARGIN)),
      [pairTest(slo, pair, true, last), expectAlert(slo, PAGE, true, last * TICK_SECONDS)],
    ),
  ];
}

function edgeTests(slo: Slo, pairs: readonly BurnRatePair[], test: MakeTest): RuleTest[] {
  const minute = 60 / TICK_SECONDS;
  const at = (ticks: number) => ticks * TICK_SECONDS;
  const ratio5m = `count(${errorRatio('5m')}${sloSelector(slo)})`;
  // More than the budget bears, and less than any pair pages for.
  const noise = Math.min(
    1,
    1.5 * Number(slo.errorBudget),
    ...pairs.map(({ threshold }) => 0.9 * Number(threshold)),
  );
  const outage = outageTicks(pairs);
  const outageThenDark = eventTimeline([
    { ticks: 10 * minute },
    { ticks: outage, errorRatio: 1 },
    { ticks: 15 * minute, absent: true },
    { ticks: 4 },
  ]);
  const darkAt = 10 * minute + outage;
  const absent = { alert: ALERTS.sliTelemetryAbsent };
  const alarmsOnAbsence = slo.options.absenceSeverity !== 'none';
  return [
    test(
      'no traffic is no data: no ratio, and no alert',
      eventTimeline([{ ticks: 5 * minute }, { ticks: 8 * minute, events: 0 }]),
      [
        expectOne(ratio5m, true, at(5 * minute)),
        expectOne(ratio5m, false, at(13 * minute - 1)),
        expectSilence(slo, ['page', 'ticket'], at(13 * minute - 1)),
      ],
    ),
    test(
      'before the first event no window has a ratio, not even one that is no number',
      eventTimeline([{ ticks: 2 * minute, events: 0 }]),
      [
        expectOne(
          `count({__name__=~"${errorRatio('.+')}",slo="${slo.name}",service="${slo.service}"})`,
          false,
          at(2 * minute - 1),
        ),
      ],
    ),
    test(
      'a counter reset is no error',
      eventTimeline([{ ticks: 5 * minute }, { ticks: 5 * minute, reset: true }]),
      [5 * minute, 5 * minute + 1, 10 * minute - 1].map((tick) =>
        expectSilence(slo, ['page', 'ticket'], at(tick)),
      ),
    ),
    test(
      'a service minutes old gets no ticket for noise',
      eventTimeline([{ ticks: 10 * minute, errorRatio: noise }]),
      [2, minute, 10 * minute - 1].map((tick) => expectSilence(slo, ['page', 'ticket'], at(tick))),
    ),
    ...(pairs.length > 0
      ? [
          test(
            'a page outlives the telemetry of its outage, whose absence is an alert of its own',
            outageThenDark,
            [
              expectAlert(slo, PAGE, true, at(darkAt - 1)),
              expectAlert(slo, absent, false, at(darkAt + 4 * minute)),
              expectAlert(slo, PAGE, true, at(darkAt + 15 * minute - 1)),
              ...(alarmsOnAbsence ? [expectAlert(slo, absent, true, at(darkAt + 15 * minute - 1))] : []),
              expectAlert(slo, absent, false, at(darkAt + 15 * minute + 3)),
            ],
          ),
        ]
      : []),
    ...newbornTests(slo, pairs, test),
  ];
}

/** A service that fails from its first event on has collapsed windows: enough ticks for any pair. */
function outageTicks(pairs: readonly BurnRatePair[]): number {
  return ticksOf('10m') + (pairs.some(({ threshold }) => Number(threshold) > 0.45) ? ticksOf('10m') : 0);
}

/** An error counter that its first error creates, where errors are what is counted. */
function newbornTests(slo: Slo, pairs: readonly BurnRatePair[], test: MakeTest): RuleTest[] {
  if (slo.indicator.counts !== 'bad' || slo.indicator.missingNumerator !== 'zero') return [];
  const healthy = ticksOf('5m');
  const failing = outageTicks(pairs);
  const timeline = eventTimeline([{ ticks: healthy }, { ticks: failing, errorRatio: 1 }], {
    bornWithFirstError: true,
  });
  const at = (tick: number) => tick * TICK_SECONDS;
  return [
    test('an error counter that does not exist yet is 0, and pages once it does', timeline, [
      expectOne(`count(${errorRatio('5m')}${sloSelector(slo)} == 0)`, true, at(healthy - 1)),
      ...(pairs.length > 0 ? [expectAlert(slo, PAGE, true, at(healthy + failing - 1))] : []),
    ]),
  ];
}
