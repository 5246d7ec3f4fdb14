import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { injectedFaults } from '../annotations.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS, linkToApplication, linkToLogs } from '../links.ts';
import { failingStandOut, slowStandOut } from '../stands-out.ts';
import { calls, map } from '../tracing/service-graph.ts';
import * as spans from '../tracing/spans.ts';
import { failing, slowest } from '../tracing/traces.ts';
import { fixedVariable, labelsVariable, labelVariable } from '../variables.ts';

/** Who calls whom, which spans take the time, and the traces to read. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.tracing,
    title: 'Tracing',
    description: 'Who calls whom, where the time goes, and the slowest and failing traces of a service.',
    alerts: 'service="$service"',
  })
    .link(linkToApplication())
    .link(linkToLogs())
    .withVariable(
      labelVariable('service', 'Service', METRICS.spanCalls, {
        from: 'service_name',
        preferred: 'storefront',
      }),
    )
    .withVariable(
      labelsVariable('route', 'Route', `${METRICS.spanCalls}{service_name="$service"}`, 'http_route'),
    )
    .withVariable(
      fixedVariable(
        'slower',
        'Slower than',
        ['1ms', '10ms', '50ms', '100ms', '250ms', '500ms', '1s', '2s'],
        '10ms',
      ),
    )
    .annotation(injectedFaults());
  return complete(dashboard, [
    {
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
    {
      heading: 'Traces of $service',
      rows: [
        {
          height: 9,
          panels: [
            [12, slowest()],
            [12, failing()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, slowStandOut()],
            [12, failingStandOut()],
          ],
        },
      ],
    },
    {
      heading: 'Spans of $service',
      rows: [
        {
          height: 10,
          panels: [
            [8, spans.latency()],
            [8, spans.rate()],
            [8, spans.failures()],
          ],
        },
        { height: 13, panels: [[24, spans.all()]] },
      ],
    },
  ]);
}
