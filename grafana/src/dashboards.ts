import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { sloDetail } from './slo-detail.ts';
import { sloOverview } from './slo-overview.ts';

/** Every dashboard, each a file `UID.json` once generated. */
export function allDashboards(): readonly Dashboard[] {
  return [sloOverview(), sloDetail()];
}
