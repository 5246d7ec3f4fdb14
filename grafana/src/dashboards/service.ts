import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS, linkTo, linkToLogs, linkToTraces } from '../links.ts';
import * as head from '../service/headline.ts';
import * as panels from '../service/requests.ts';
import { fixedVariable, labelVariable } from '../variables.ts';

/** One service, whoever it is: what it is asked, whom it calls, its instances, traces and logs. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.service,
    title: 'Service',
    description:
      'Requests, failures and durations of one service by operation and instance, whom it calls, its traces and logs.',
    alerts: 'service="$service"',
  })
    .link(linkTo(DASHBOARD_UIDS.services, 'Services', 'All services in this time range'))
    .link(linkToTraces())
    .link(linkToLogs())
    .withVariable(
      labelVariable('service', 'Service', METRICS.serviceCalls, {
        from: 'service_name',
        preferred: 'storefront',
      }),
    )
    .withVariable(
      fixedVariable('slow', 'Slower than', ['1ms', '10ms', '100ms', '250ms', '500ms', '1s', '2s'], '10ms'),
    );
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [4, head.rate()],
            [4, head.failures()],
            [4, head.duration()],
            [4, head.busy()],
            [4, head.budget()],
            [4, head.anomalies()],
          ],
        },
      ],
    },
    {
      heading: 'What it is asked',
      rows: [
        {
          height: 8,
          panels: [
            [8, panels.rate()],
            [8, panels.failures()],
            [8, panels.durations()],
          ],
        },
        { height: 9, panels: [[24, panels.operations()]] },
        {
          height: 7,
          panels: [
            [12, panels.codes()],
            [12, panels.ownHistogram()],
          ],
        },
      ],
    },
    {
      heading: 'Traces and logs',
      rows: [
        {
          height: 9,
          panels: [
            [12, panels.slowTraces()],
            [12, panels.failedTraces()],
          ],
        },
        { height: 9, panels: [[24, panels.lines()]] },
      ],
    },
    {
      heading: 'Neighbours',
      rows: [
        {
          height: 9,
          panels: [
            [10, panels.neighbours()],
            [14, panels.outgoing()],
          ],
        },
      ],
    },
    {
      heading: 'Instances',
      rows: [
        {
          height: 8,
          panels: [
            [10, panels.instances()],
            [7, panels.busy()],
            [7, panels.memory()],
          ],
        },
      ],
    },
  ]);
}
