import type { Slo } from '../model/slo.ts';

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
    dashboard_url: dashboard.href,
  };
}
