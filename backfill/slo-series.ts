import type { SloIndexEntry } from '@aiops-sre/slo/generated/slo-index.ts';
import { errorRatio, SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { seriesName } from './open-metrics.ts';
import type { Minute } from './past.ts';

const sumOf = (minute: Minute, of: (route: Minute['routes'][number]) => number) =>
  minute.routes.reduce((total, route) => total + of(route), 0);

const allRequests = (minute: Minute) => sumOf(minute, ({ good, refused, failed }) => good + refused + failed);

/** Events of one minute for an SLO of the demo. */
interface SloEvents {
  readonly slo: string;
  readonly service: string;
  readonly bad: (minute: Minute) => number;
  readonly total: (minute: Minute) => number;
}

/** What each SLO of slo/definitions counts, in terms of the generated past; a test holds the two together. */
export const SLO_EVENTS: readonly SloEvents[] = [
  {
    slo: 'storefront-availability',
    service: 'storefront',
    bad: (minute) => sumOf(minute, ({ failed }) => failed),
    total: allRequests,
  },
  {
    slo: 'storefront-latency',
    service: 'storefront',
    bad: (minute) => sumOf(minute, ({ slow }) => slow),
    total: (minute) => sumOf(minute, ({ good, refused }) => good + refused),
  },
  {
    slo: 'fulfillment-success',
    service: 'fulfillment',
    bad: ({ documents }) => documents.reduce((total, { failed }) => total + failed, 0),
    total: ({ documents }) =>
      documents.reduce((total, { processed, failed }) => total + processed + failed, 0),
  },
  { slo: 'telemetry-freshness', service: 'otel-collector', bad: () => 0, total: allRequests },
];

/** One SLO's past: running totals by minute, from which any window follows. */
class SloPast {
  readonly labels: { readonly slo: string; readonly service: string };
  readonly #events: SloEvents;
  readonly #bad: number[] = [0];
  readonly #total: number[] = [0];

  constructor(events: SloEvents) {
    this.#events = events;
    this.labels = { slo: events.slo, service: events.service };
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

const WINDOWS = { '5m': 5, '30m': 30, '1h': 60, '2h': 120, '6h': 360, '1d': 1440, '3d': 4320 } as const;

/** What the SLO rules would have recorded, had they run in the past. */
export interface RecordedPast {
  advance(minute: Minute): void;
  /** Once a minute: what windows of a day and more average. */
  readonly averaged: readonly RecordedSeries[];
  /** What dashboards draw. */
  readonly drawn: readonly RecordedSeries[];
}

export function recordedPast(
  slos: readonly Pick<SloIndexEntry, 'name' | 'objective' | 'errorBudget' | 'periodDays'>[],
): RecordedPast {
  const pasts = SLO_EVENTS.map((events) => new SloPast(events));
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
    const slo = slos.find(({ name }) => name === past.labels.slo);
    if (!slo) return [];
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
      ...Object.entries(WINDOWS).map(([window, minutes]) =>
        series(
          errorRatio(window),
          over(minutes, (value) => value),
        ),
      ),
      series(
        SERIES.currentBurnRate,
        over(WINDOWS['5m'], (value) => value / slo.errorBudget),
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
        const pace = ratio(WINDOWS['6h']);
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
  };
}
