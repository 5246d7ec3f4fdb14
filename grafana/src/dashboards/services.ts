import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS } from '../links.ts';
import * as panels from '../services/all-services.ts';
import { calls, map } from '../tracing/service-graph.ts';

/** Every service that sends spans, whoever it is. */
export function dashboard(): Dashboard {
  return complete(
    newDashboard({
      uid: DASHBOARD_UIDS.services,
      title: 'Services',
      description: 'Every service that sends spans: requests, failures, durations, SLOs, and who calls whom.',
    }),
    [
      {
        rows: [
          {
            height: 4,
            panels: [
              [6, panels.count()],
              [6, panels.failing()],
              [6, panels.failedShare()],
              [6, panels.learning()],
            ],
          },
          { height: 9, panels: [[24, panels.all()]] },
          {
            height: 8,
            panels: [
              [8, panels.rateOverTime()],
              [8, panels.failuresOverTime()],
              [8, panels.durationOverTime()],
            ],
          },
        ],
      },
      {
        heading: 'Who calls whom',
        rows: [
          {
            height: 12,
            panels: [
              [12, map()],
              [12, calls()],
            ],
          },
        ],
      },
    ],
  );
}
