import { EVENT_KINDS } from '../calendar/calendar-event.ts';
import type { CalendarWatch } from '../calendar/calendar-watch.ts';
import type { JournalEntry } from '../journal/anomaly-journal.ts';
import { precisionByRule, type StoredVerdict } from '../journal/verdict.ts';
import type { RuleWatch } from '../watch/rule-watch.ts';
import { watchedServices } from '../watched-services.ts';
import type { OwnMetrics } from './own-metrics.ts';

const WEEK_SECONDS = 7 * 86_400;
/** Verdicts older than this say nothing of how the detector is doing now. */
const PRECISION_WINDOW_SECONDS = 28 * 86_400;

/** Sets the gauges that follow from what is known at `nowSeconds`; called at each scrape. */
export function setStateGauges(
  own: OwnMetrics,
  known: {
    watches: readonly RuleWatch[];
    journal: readonly JournalEntry[];
    verdicts: readonly StoredVerdict[];
    calendar: ReturnType<CalendarWatch['state']>;
    ready: boolean;
    nowSeconds: number;
    ageSeconds: (watch: RuleWatch) => number | undefined;
  },
): void {
  const { watches, journal, verdicts, calendar, ready, nowSeconds, ageSeconds } = known;
  own.ready.set(ready ? 1 : 0);
  for (const kind of EVENT_KINDS)
    own.calendarEvents.set({ kind }, calendar.now.filter((one) => one.kind === kind).length);
  own.calendarProblems.set(calendar.problems.length);
  for (const gauge of [
    own.ruleInfo,
    own.series,
    own.serviceLearning,
    own.alertsPerSeriesWeek,
    own.precision,
    own.verdicts,
  ])
    gauge.reset();
  for (const { service, learningUntilSeconds: until } of watchedServices(watches, nowSeconds))
    own.serviceLearning.set({ service }, until === null ? 0 : until - nowSeconds);
  for (const watch of watches) {
    const { rule, series } = watch;
    own.ruleInfo.set({ rule: rule.name, unit: rule.unit, direction: rule.direction }, 1);
    own.seriesLeftOut.set({ rule: rule.name }, watch.leftOut);
    const age = ageSeconds(watch);
    if (age !== undefined) own.lag.set({ rule: rule.name }, age);
    for (const [state, count] of countsByState(series)) own.series.set({ rule: rule.name, state }, count);
    const lately = journal.filter(
      (one) => one.rule === rule.name && nowSeconds - one.startsAtSeconds < WEEK_SECONDS,
    );
    if (series.size > 0) own.alertsPerSeriesWeek.set({ rule: rule.name }, lately.length / series.size);
  }
  const precisions = precisionByRule(verdicts, nowSeconds - PRECISION_WINDOW_SECONDS);
  for (const { rule } of watches) {
    const judged = precisions.get(rule.name);
    own.verdicts.set({ rule: rule.name }, judged?.verdicts ?? 0);
    if (judged) own.precision.set({ rule: rule.name }, judged.precision);
  }
}

function countsByState(series: RuleWatch['series']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { latest, episode } of series.values()) {
    const state = episode?.direction === 'missing' ? 'vanished' : latest.observation.kind;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}
