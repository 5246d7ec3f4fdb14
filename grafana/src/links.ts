import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCES } from './data-sources.ts';

/** Every dashboard carries this tag, by which they link to each other. */
export const TAG = 'sre';

/** `uid` of each dashboard, part of its address; alerts' annotations link to these. */
export const DASHBOARD_UIDS = {
  sloOverview: 'slo-overview',
  sloDetail: 'slo-detail',
  services: 'services',
  service: 'service',
  application: 'application',
  fulfillment: 'fulfillment',
  checkout: 'checkout',
  anomalies: 'anomalies',
  tracing: 'tracing',
  logs: 'logs',
  platform: 'platform',
  host: 'host',
  database: 'database',
  scorecard: 'scorecard',
  chaos: 'chaos',
} as const;

/** Of the dashboards that a cluster alone has, which tells of itself. */
export const KUBERNETES_UIDS = { cluster: 'cluster', workload: 'workload' } as const;

/** A menu of the other dashboards, with the time range and the variables kept; in a row they would not fit beside the variables. */
export function linksToAll(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .icon('external link')
    .keepTime(true)
    .includeVars(true)
    .asDropdown(true);
}

/** A link beside the others to a dashboard about the same service, with the time range and the variables kept. */
export function linkTo(uid: string, title: string, tooltip: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}`)
    .tooltip(tooltip)
    .icon('dashboard')
    .keepTime(true)
    .includeVars(true);
}

/** A link beside the others to the routes and instances of the service. */
export const linkToApplication = (): DashboardLinkBuilder =>
  linkTo(
    DASHBOARD_UIDS.application,
    'Application',
    'Routes and instances of this service in this time range',
  );

/** A link beside the others to the logs of the service. */
export const linkToLogs = (): DashboardLinkBuilder =>
  linkTo(
    DASHBOARD_UIDS.logs,
    'Logs',
    'Lines, failures and recurring templates of this service in this time range',
  ).icon('doc');

/** A link beside the others to the traces of the service. */
export const linkToTraces = (): DashboardLinkBuilder =>
  linkTo(DASHBOARD_UIDS.tracing, 'Traces', 'Failing and slow traces of this service in this time range').icon(
    'bolt',
  );

/** A link beside the others to Grafana's own page of what Alertmanager holds. */
export function linkToAlerts(title: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url('/alerting/groups?alertmanager=Alertmanager')
    .tooltip('Alerts of anomalies and of predicted breaches, as Alertmanager holds them')
    .icon('bell');
}

/** Where a click on a value leads. */
export interface ValueLink {
  readonly title: string;
  readonly url: string;
}

/** Value that a table's row has in a column. */
export const cell = (title: string) => `\${__data.fields["${title}"]}`;
/** Value of a label of a figure or line. */
export const ofLabel = (label: string) => `\${__field.labels.${label}}`;
/** Value of a variable of the dashboard that the link is on. */
export const variable = (name: string) => `\${${name}}`;

/** The time range, and with it the zone, that the dashboard shows when a link is followed. */
const TIME_RANGE = `\${__url_time_range}`;

/**
 * Address of a dashboard for a value to link to, at the time range in which it is shown.
 *
 * @param variables what each variable of that dashboard is set to: a text, {@link cell}, {@link ofLabel} or {@link variable}
 */
export const dashboardUrl = (uid: string, variables: Readonly<Record<string, string>> = {}) =>
  `/d/${uid}?${[...Object.entries(variables).map(([name, value]) => `var-${name}=${value}`), TIME_RANGE].join('&')}`;

/** What a route leads to. @param service the service's name, a variable or a cell; `route` the same of the route */
export const routeLinks = (service: string, route: string): readonly ValueLink[] => [
  { title: 'This route in Application', url: dashboardUrl(DASHBOARD_UIDS.application, { service, route }) },
  { title: 'Traces of this route', url: dashboardUrl(DASHBOARD_UIDS.tracing, { service, route }) },
  { title: 'Logs of this route', url: dashboardUrl(DASHBOARD_UIDS.logs, { service, route }) },
];

/** What an instance leads to, arguments as in {@link routeLinks}. */
export const instanceLinks = (service: string, instance: string): readonly ValueLink[] => [
  {
    title: 'This instance in Application',
    url: dashboardUrl(DASHBOARD_UIDS.application, { service, instance }),
  },
];

/** The same for a panel whose every value leads somewhere. */
export const panelLinks = (links: readonly ValueLink[]): DashboardLinkBuilder[] =>
  links.map(({ title, url }) => new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url));

/** Address of the detail of one SLO. */
export const sloDetailUrl = (slo: string, service: string) =>
  dashboardUrl(DASHBOARD_UIDS.sloDetail, { slo, service });

/** Encodes JSON for an address, all but the placeholders that Grafana fills in. */
const encoded = (json: string) =>
  json
    .split(/(\$\{[^}]+\})/)
    .map((part, index) => (index % 2 ? part.replaceAll('\\"', '"') : encodeURIComponent(part)))
    .join('');

/** Address of a query in Explore, at the time range in which the link is shown. */
function exploreUrl(source: keyof typeof DATA_SOURCES, query: Readonly<Record<string, unknown>>): string {
  const datasource = DATA_SOURCES[source];
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', datasource, ...query }],
    range: { from: `\${__from}`, to: `\${__to}` },
  };
  return `/explore?schemaVersion=1&orgId=1&panes=${encoded(JSON.stringify({ a: pane }))}`;
}

/** Address of a trace in Explore. @param traceId such as {@link cell} */
export const traceUrl = (traceId: string) => exploreUrl('tempo', { queryType: 'traceql', query: traceId });
