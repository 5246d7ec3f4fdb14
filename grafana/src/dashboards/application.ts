import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { injectedFaults } from '../annotations.ts';
import * as checks from '../application/checks.ts';
import * as head from '../application/headline.ts';
import * as requests from '../application/requests.ts';
import * as resources from '../application/resources.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS, linkTo, linkToLogs, linkToTraces } from '../links.ts';
import { labelsVariable, labelVariable } from '../variables.ts';

/** One service of the application: rate, errors and duration by route and instance, and what its processes are short of. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.application,
    title: 'Application',
    description:
      'Requests, failures and latency of a service by route and instance, and what its processes are short of.',
    alerts: 'service="$service"',
  })
    .link(
      linkTo(
        DASHBOARD_UIDS.service,
        'Service',
        'This service by its spans, also where it counts no HTTP requests',
      ),
    )
    .link(linkToTraces())
    .link(linkToLogs())
    .withVariable(
      labelVariable('service', 'Service', `${METRICS.httpRequests}{route=~"/.*"}`, {
        preferred: 'storefront',
      }),
    )
    .withVariable(labelsVariable('instance', 'Instance', `${METRICS.httpRequests}{service="$service"}`))
    .withVariable(labelsVariable('route', 'Route', `${METRICS.httpRequests}{service="$service"}`))
    .annotation(injectedFaults());
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [3, head.instancesUp()],
            [3, head.rate()],
            [3, head.failures()],
            [3, head.latency()],
            [3, head.apdexNow()],
            [3, head.busiest()],
            [3, head.lag()],
            [3, head.fault()],
          ],
        },
      ],
    },
    {
      heading: 'Requests by route',
      rows: [
        {
          height: 8,
          panels: [
            [8, requests.rate('route')],
            [8, requests.failures('route')],
            [8, requests.latencyBy('route')],
          ],
        },
        { height: 8, panels: [[24, requests.routes()]] },
      ],
    },
    {
      heading: 'Latency',
      rows: [
        {
          height: 8,
          panels: [
            [12, requests.latency()],
            [6, requests.apdexOverTime()],
            [6, requests.inProgress()],
          ],
        },
      ],
    },
    {
      heading: 'Requests by instance',
      rows: [
        {
          height: 8,
          panels: [
            [8, requests.rate('instance')],
            [8, requests.failures('instance')],
            [8, requests.latencyBy('instance')],
          ],
        },
      ],
    },
    {
      heading: 'Checks from outside',
      rows: [
        {
          height: 7,
          panels: [
            [8, checks.results()],
            [8, checks.failures()],
            [8, checks.duration()],
          ],
        },
      ],
    },
    {
      heading: 'Saturation',
      rows: [
        {
          height: 8,
          panels: [
            [8, resources.cpu()],
            [8, resources.eventLoop()],
            [8, resources.openFiles()],
          ],
        },
        {
          height: 8,
          panels: [
            [6, resources.memory()],
            [6, resources.heap()],
            [6, resources.heapBySpace()],
            [6, resources.garbageCollection()],
          ],
        },
      ],
    },
  ]);
}
