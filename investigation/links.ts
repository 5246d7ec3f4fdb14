import type { TimeRange } from './data-sources/time-range.ts';

const inRange = ({ fromSeconds, toSeconds }: TimeRange) =>
  `from=${Math.floor(fromSeconds * 1000)}&to=${Math.ceil(toSeconds * 1000)}`;

/** Address of a dashboard with a service, or other variables, chosen. */
export function dashboardUrl(
  grafanaUrl: string,
  uid: string,
  chosen: string | Readonly<Record<string, string>>,
  range: TimeRange,
): string {
  const variables = Object.entries(typeof chosen === 'string' ? { service: chosen } : chosen)
    .map(([name, value]) => `var-${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${grafanaUrl}/d/${uid}?${variables}&${inRange(range)}`;
}

/** Address of Grafana's Explore with one trace open. @see https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/ */
export function traceUrl(grafanaUrl: string, traceId: string, { fromSeconds, toSeconds }: TimeRange): string {
  const pane = {
    datasource: 'tempo',
    queries: [
      { refId: 'A', datasource: { type: 'tempo', uid: 'tempo' }, queryType: 'traceql', query: traceId },
    ],
    range: { from: `${Math.floor(fromSeconds * 1000)}`, to: `${Math.ceil(toSeconds * 1000)}` },
  };
  return `${grafanaUrl}/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ one: pane }))}`;
}

/** Where a trace is as JSON, without Grafana. */
export const traceJsonUrl = (tempoUrl: string, traceId: string) => `${tempoUrl}/api/v2/traces/${traceId}`;
