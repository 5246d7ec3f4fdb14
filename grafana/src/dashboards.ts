import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { anomalies } from './anomalies.ts';
import { application } from './application.ts';
import { fulfillment } from './fulfillment.ts';
import { logs } from './logs.ts';
import { platform } from './platform.ts';
import { sloDetail } from './slo-detail.ts';
import { sloOverview } from './slo-overview.ts';
import { tracing } from './tracing.ts';

/** Every dashboard, each a file `UID.json` once generated. */
export function allDashboards(): readonly Dashboard[] {
  return [
    sloOverview(),
    sloDetail(),
    application(),
    fulfillment(),
    anomalies(),
    tracing(),
    logs(),
    platform(),
  ];
}
