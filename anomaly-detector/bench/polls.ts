import { reportOf } from '../alerts/current-alerts.ts';
import { exposeSeries } from '../metrics/series-exposition.ts';
import type { RuleWatch } from '../watch/rule-watch.ts';

const START_SECONDS = Date.UTC(2026, 0, 15, 12) / 1000;
const LINKS = { runbookBaseUrl: 'http://runbooks.example', dashboardBaseUrl: 'http://grafana.example' };

/** Polls of rules as the service makes them, a step after each other: fetch, parse, update, look for alerts, render the metrics. */
export function createPolls(watches: readonly RuleWatch[]) {
  const stepSeconds = watches[0]?.rule.stepSeconds ?? 0;
  let nextSeconds = START_SECONDS;
  async function poll(): Promise<void> {
    for (const watch of watches) await watch.poll(nextSeconds);
    reportOf(
      watches.flatMap(({ rule, series }) => [...series.values()].map((each) => ({ rule, series: each }))),
      nextSeconds,
      { links: LINKS, timeZone: 'UTC' },
    );
    exposeSeries(watches);
    nextSeconds += stepSeconds;
  }
  return {
    poll,
    /** When the next one would be. */
    nextSeconds: () => nextSeconds,
    /** CPU seconds of one of so many. */
    async cpuSecondsOf(count: number): Promise<number> {
      const before = process.cpuUsage();
      for (let done = 0; done < count; done += 1) await poll();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6 / count;
    },
  };
}
