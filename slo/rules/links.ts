import type { Slo } from '../model/slo.ts';
import { templateSelector, withQuery } from './templates.ts';

/** Where the links in annotations point. */
export interface LinkBases {
  /** Folder of the runbooks, one `ALERTNAME.md` each, without a slash at the end. */
  readonly runbooks: string;
  /** Address of the dashboard that shows one SLO; `var-slo` and `var-service` are added to its query. */
  readonly dashboard: string;
}

export const DEFAULT_LINK_BASES: LinkBases = {
  runbooks: 'http://127.0.0.1:8091/runbooks',
  dashboard: 'http://127.0.0.1:3001/d/slo-detail',
};

export function linkAnnotations(bases: LinkBases, slo: Slo, alert: string) {
  const dashboard = new URL(bases.dashboard);
  dashboard.searchParams.set('var-slo', slo.name);
  dashboard.searchParams.set('var-service', slo.service);
  return {
    runbook_url: `${bases.runbooks.replace(/\/+$/, '')}/${alert}.md`,
    dashboard_url: `${dashboard.href}&${timeRange(slo, alert)}`,
  };
}

/** What led to an alert is as much news as the alert. */
const LEAD_SECONDS = 1800;
/** So that the end of the range is not the moment itself. */
const TAIL_SECONDS = 300;

/** The time range from before the alert began to its latest evaluation, so that the link shows it whenever it is followed. */
function timeRange(slo: Slo, alert: string): string {
  const milliseconds = (query: string) =>
    `${withQuery(slo, query)}{{ . | first | value | printf "%.0f" }}{{ end }}`;
  // At the first evaluation the alert itself is not there yet.
  const begun = `(min(ALERTS_FOR_STATE${templateSelector(slo).replace('{', `{alertname='${alert}',`)}) or vector(time()))`;
  return (
    `from=${milliseconds(`1000 * (${begun} - ${LEAD_SECONDS})`)}` +
    `&to=${milliseconds(`1000 * (vector(time()) + ${TAIL_SECONDS})`)}`
  );
}
