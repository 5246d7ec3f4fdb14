import { seriesName } from './open-metrics.ts';
import type { Minute } from './past.ts';
import type { HistorySeries } from './series.ts';

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

const WINDOW_MINUTES = 5;

/** Events a second over the last five minutes: what the rules record once a minute. */
function rate5m(
  name: string,
  labels: Record<string, string>,
  events: (minute: Minute) => number,
): HistorySeries {
  const recent: number[] = [];
  return {
    name: seriesName(name, labels),
    next: (minute) => {
      recent.push(events(minute));
      if (recent.length > WINDOW_MINUTES) recent.shift();
      return recent.reduce((total, each) => total + each, 0) / (recent.length * 60);
    },
  };
}

/** The recorded series that the windows of a day and more average: without them the past would have no budget. */
export function recordedSloSeries(): readonly HistorySeries[] {
  return SLO_EVENTS.flatMap(({ slo, service, bad, total }) => [
    rate5m('slo:sli_bad:rate5m_avg1m', { slo, service }, bad),
    rate5m('slo:sli_total:rate5m_avg1m', { slo, service }, total),
  ]);
}
