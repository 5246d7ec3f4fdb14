import { errorRatio, SERIES } from '@aiops-sre/conventions/slo-series.ts';
import type { SloIndexEntry } from '@aiops-sre/slo/generated/slo-index.ts';
import { secondsOf } from '@aiops-sre/slo/model/durations.ts';
import { seriesName } from './open-metrics.ts';
import type { Minute } from './past.ts';
import type { CountedSeries } from './series.ts';
import { eventsOf, type MinuteEvents, NotInPastError } from './sli-expression.ts';

/** What the past of an SLO follows from. */
type PastSlo = Pick<
  SloIndexEntry,
  'name' | 'objective' | 'errorBudget' | 'periodDays' | 'records' | 'history'
>;

/** One SLO's past: running totals by minute, from which any window follows. */
class SloPast {
  readonly slo: PastSlo;
  readonly labels: Readonly<Record<string, string>>;
  readonly #events: { readonly bad: MinuteEvents; readonly total: MinuteEvents };
  readonly #bad: number[] = [0];
  readonly #total: number[] = [0];

  /** @throws NotInPastError if the SLO counts what the past has not */
  constructor(slo: PastSlo, series: readonly CountedSeries[]) {
    const counted = (record: string) => {
      const [found, ...others] = slo.history.series.filter((each) => each.record === record);
      if (found === undefined || others.length > 0)
        throw new NotInPastError(`its past is not one series of ${record}`);
      return found;
    };
    const total = counted(SERIES.totalRateMinute);
    this.slo = slo;
    this.labels = total.labels;
    this.#events = {
      total: eventsOf(total.expr, series),
      bad: eventsOf(counted(SERIES.badRateMinute).expr, series),
    };
  }

  advance(minute: Minute): void {
    this.#bad.push((this.#bad.at(-1) ?? 0) + this.#events.bad(minute));
    this.#total.push((this.#total.at(-1) ?? 0) + this.#events.total(minute));
  }

  /** Events of the last `minutes`, or of as many as there are. */
  last(minutes: number): { readonly bad: number; readonly total: number; readonly minutes: number } {
    const end = this.#total.length - 1;
    const begin = Math.max(0, end - minutes);
    const over = (sums: readonly number[]) => (sums[end] ?? 0) - (sums[begin] ?? 0);
    return { bad: over(this.#bad), total: over(this.#total), minutes: end - begin };
  }
}

/** A recorded series of the past; undefined where the rule would record nothing. */
export interface RecordedSeries {
  readonly name: string;
  value(): number | undefined;
}

/** Windows over which its rules record an error ratio. */
const windowsOf = ({ records }: PastSlo) =>
  records.filter((name) => name.startsWith(errorRatio(''))).map((name) => name.slice(errorRatio('').length));
const minutesOf = (window: string) => secondsOf(window) / 60;

/** What the SLO rules would have recorded, had they run in the past. */
export interface RecordedPast {
  advance(minute: Minute): void;
  /** Once a minute: what windows of a day and more average. */
  readonly averaged: readonly RecordedSeries[];
  /** What dashboards draw. */
  readonly drawn: readonly RecordedSeries[];
  /** SLOs that count what the backfill has not, and what that is: they begin with their first live sample. */
  readonly without: readonly { readonly slo: string; readonly reason: string }[];
}

/** @param series what the past counts: an SLO's past is computed from them, as its rules compute it from the live ones */
export function recordedPast(slos: readonly PastSlo[], series: readonly CountedSeries[]): RecordedPast {
  const pasts: SloPast[] = [];
  const without: { slo: string; reason: string }[] = [];
  for (const slo of slos) {
    try {
      pasts.push(new SloPast(slo, series));
    } catch (error) {
      if (!(error instanceof NotInPastError)) throw error;
      without.push({ slo: slo.name, reason: error.message });
    }
  }
  const averaged = pasts.flatMap((past): RecordedSeries[] => {
    const rate5m = (of: 'bad' | 'total') => () => {
      const { minutes, [of]: events } = past.last(5);
      return events / (minutes * 60);
    };
    return [
      { name: seriesName(SERIES.badRateMinute, past.labels), value: rate5m('bad') },
      { name: seriesName(SERIES.totalRateMinute, past.labels), value: rate5m('total') },
    ];
  });
  const drawn = pasts.flatMap((past): RecordedSeries[] => {
    const { slo } = past;
    const ratio = (minutes: number) => {
      const { bad, total } = past.last(minutes);
      return total > 0 ? bad / total : undefined;
    };
    const over = (minutes: number, of: (ratio: number) => number) => () => {
      const value = ratio(minutes);
      return value === undefined ? undefined : of(value);
    };
    const periodMinutes = slo.periodDays * 1440;
    const series = (name: string, value: RecordedSeries['value']) => ({
      name: seriesName(name, past.labels),
      value,
    });
    return [
      series(SERIES.objective, () => slo.objective),
      series(SERIES.errorBudget, () => slo.errorBudget),
      ...windowsOf(slo).map((window) =>
        series(
          errorRatio(window),
          over(minutesOf(window), (value) => value),
        ),
      ),
      series(
        SERIES.currentBurnRate,
        over(minutesOf('5m'), (value) => value / slo.errorBudget),
      ),
      series(
        SERIES.periodBurnRate,
        over(periodMinutes, (value) => value / slo.errorBudget),
      ),
      series(
        SERIES.budgetRemaining,
        over(periodMinutes, (value) => 1 - value / slo.errorBudget),
      ),
      // At the pace of the last six hours; Infinity where nothing failed in them.
      series(SERIES.timeToExhaustion, () => {
        const spent = ratio(periodMinutes);
        const pace = ratio(minutesOf('6h'));
        if (spent === undefined || pace === undefined) return undefined;
        const left = Math.max(0, slo.errorBudget - spent);
        return left === 0 ? 0 : (left / pace) * periodMinutes * 60;
      }),
    ];
  });
  return {
    advance: (minute) => {
      for (const each of pasts) each.advance(minute);
    },
    averaged,
    drawn,
    without,
  };
}
