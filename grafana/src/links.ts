import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** Every dashboard carries this tag, by which they link to each other. */
export const TAG = 'sre';

/** `uid` of each dashboard, part of its address; alerts' annotations link to these. */
export const DASHBOARD_UIDS = {
  sloOverview: 'slo-overview',
  sloDetail: 'slo-detail',
  application: 'application',
  fulfillment: 'fulfillment',
  anomalies: 'anomalies',
  tracing: 'tracing',
  logs: 'logs',
  platform: 'platform',
} as const;

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

/** A link beside the others to the logs of the service, with the time range and the variables kept. */
export function linkToLogs(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Logs')
    .type(DashboardLinkType.Link)
    .url(`/d/${DASHBOARD_UIDS.logs}`)
    .tooltip('Lines, failures and recurring templates of this service in this time range')
    .icon('doc')
    .keepTime(true)
    .includeVars(true);
}

/** A link beside the others to Grafana's own page of what Alertmanager holds. */
export function linkToAlerts(title: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url('/alerting/groups?alertmanager=Alertmanager')
    .tooltip('Alerts of anomalies and of predicted breaches, as Alertmanager holds them')
    .icon('bell');
}

/** Value that a table's row has in a column, in an address. */
const field = (name: string) => `\${__data.fields["${name}"]}`;
const address = (uid: string, variables: Readonly<Record<string, string>>) =>
  `/d/${uid}?${Object.entries(variables)
    .map(([name, column]) => `var-${name}=${field(column)}`)
    .join('&')}&\${__url_time_range}`;

/** Address of the detail of one SLO, for a table's cells: the names of its columns for SLO and service. */
export const sloDetailUrl = (columns: { readonly slo: string; readonly service: string }) =>
  address(DASHBOARD_UIDS.sloDetail, columns);

/** Address of one watched series, for a table's cells: the names of its columns for rule, route and instance. */
export const anomalySeriesUrl = (columns: {
  readonly rule: string;
  readonly route: string;
  readonly process: string;
}) => address(DASHBOARD_UIDS.anomalies, columns);
