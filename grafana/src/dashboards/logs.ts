import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { injectedFaults } from '../annotations.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS, linkToApplication, linkToTraces } from '../links.ts';
import { requests } from '../logs/events.ts';
import * as lines from '../logs/lines.ts';
import * as overTime from '../logs/over-time.ts';
import { newFailures, recurring } from '../logs/templates.ts';
import { labelsVariable, labelVariable, textVariable } from '../variables.ts';

/** What the services say: how much of it is failures, which lines recur, which are new, and the lines themselves. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.logs,
    title: 'Logs',
    description:
      'What the services say: failures, the event of each request, and which lines recur or are new.',
    alerts: 'service="$service"',
  })
    .link(linkToApplication())
    .link(linkToTraces())
    .withVariable(
      labelVariable('service', 'Service', METRICS.spanCalls, {
        from: 'service_name',
        preferred: 'storefront',
      }),
    )
    .withVariable(
      labelsVariable('route', 'Route', `${METRICS.spanCalls}{service_name="$service"}`, 'http_route'),
    )
    .withVariable(textVariable('contains', 'Lines that contain'))
    .annotation(injectedFaults());
  return complete(dashboard, [
    {
      rows: [
        {
          height: 7,
          panels: [
            [8, overTime.failuresByService()],
            [16, newFailures()],
          ],
        },
        {
          height: 8,
          panels: [
            [6, overTime.byService()],
            [6, overTime.bySeverity()],
            [6, overTime.byOutcome()],
            [6, overTime.durations()],
          ],
        },
      ],
    },
    {
      heading: 'Requests and recurring lines of $service',
      rows: [
        {
          height: 11,
          panels: [
            [13, requests()],
            [11, recurring()],
          ],
        },
      ],
    },
    {
      heading: 'Lines',
      rows: [
        { height: 7, panels: [[24, lines.failures()]] },
        { height: 12, panels: [[24, lines.all()]] },
      ],
    },
  ]);
}
