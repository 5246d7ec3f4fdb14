import { SERVICES } from '@aiops-sre/conventions/services.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS } from '../links.ts';
import * as alerting from '../platform/alerting.ts';
import * as collector from '../platform/collector.ts';
import * as head from '../platform/headline.ts';
import * as loki from '../platform/loki.ts';
import * as prometheus from '../platform/prometheus.ts';
import { targets } from '../platform/targets.ts';
import * as tempo from '../platform/tempo.ts';

/** Whether what observes can be relied on: each component, what it takes in, what it loses, how far behind it is. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.platform,
    title: 'Platform',
    description:
      'Can what you see be relied on? Each component of the platform: what it takes in, loses, and how late it is.',
    // Those of the application would cover what there is to see, and are no news about the platform.
    alerts: `service!~"${SERVICES.join('|')}"`,
  });
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [3, head.down()],
            [3, head.freshness()],
            [3, head.collectorLoss()],
            [3, head.queue()],
            [3, head.rules()],
            [3, head.alertingLoss()],
            [3, head.watchdog()],
            [3, head.detectorLag()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, head.sampleAge()],
            [12, collector.lost()],
          ],
        },
        { height: 16, panels: [[24, targets()]] },
      ],
    },
    {
      heading: 'Collector',
      rows: [
        {
          height: 8,
          panels: [
            [8, collector.received()],
            [8, collector.sampling()],
            [8, collector.sent()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, collector.queue()],
            [8, collector.exportLatency()],
            [8, collector.memory()],
          ],
        },
      ],
    },
    {
      heading: 'Prometheus',
      rows: [
        {
          height: 8,
          panels: [
            [6, prometheus.ingestion()],
            [6, prometheus.series()],
            [6, prometheus.storage()],
            [6, prometheus.queries()],
          ],
        },
        {
          height: 9,
          panels: [
            [8, prometheus.seriesByJob()],
            [8, prometheus.rules()],
            [8, prometheus.troubles()],
          ],
        },
      ],
    },
    {
      heading: 'Tempo and Loki',
      rows: [
        {
          height: 8,
          panels: [
            [8, tempo.received()],
            [8, tempo.lost()],
            [8, tempo.live()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, loki.received()],
            [8, loki.lost()],
            [8, loki.streams()],
          ],
        },
      ],
    },
    {
      heading: 'Alertmanager and incident responder',
      rows: [
        {
          height: 9,
          panels: [
            [5, alerting.alerts()],
            [6, alerting.notifications()],
            [8, alerting.failures()],
            [5, alerting.latency()],
          ],
        },
      ],
    },
    {
      heading: 'Anomaly detector and Grafana',
      rows: [
        {
          height: 9,
          panels: [
            [6, alerting.detectorLag()],
            [5, alerting.detectorPolls()],
            [8, alerting.detectorErrors()],
            [5, alerting.grafana()],
          ],
        },
      ],
    },
  ]);
}
