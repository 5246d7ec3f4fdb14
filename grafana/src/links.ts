import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** Every dashboard carries this tag, by which they link to each other. */
export const TAG = 'sre';

/** `uid` of each dashboard, part of its address; alerts' annotations link to these. */
export const DASHBOARD_UIDS = { sloOverview: 'slo-overview', sloDetail: 'slo-detail' } as const;

/** Links to the other dashboards, with the time range and the variables kept. */
export function linksToAll(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('SRE dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .icon('external link')
    .keepTime(true)
    .includeVars(true)
    .asDropdown(false);
}

/** Address of the detail of one SLO, for a table's cells: the names of its columns for SLO and service. */
export function sloDetailUrl(columns: { readonly slo: string; readonly service: string }): string {
  const field = (name: string) => `\${__data.fields["${name}"]}`;
  return `/d/${DASHBOARD_UIDS.sloDetail}?var-slo=${field(columns.slo)}&var-service=${field(columns.service)}&\${__url_time_range}`;
}
