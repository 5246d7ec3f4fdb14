import { SERVICES } from '@aiops-sre/conventions/services.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS } from '../links.ts';
import * as alerting from '../platform/alerting.ts';
import * as collector from '../platform/collector.ts';
import * as head from '../platform/headline.ts';
import * as loki from '../platform/loki.ts';
import { losses } from '../platform/losses.ts';
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
            [12, losses()],
          ],
        },
        { height: 21, panels: [[24, targets()]] },
      ],
    },
    {
      heading: 'Collector',
      collapsed: true,
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
      collapsed: true,
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
            [12, prometheus.seriesByJob()],
            [12, prometheus.rules()],
          ],
        },
      ],
    },
    {
      heading: 'Tempo and Loki',
      collapsed: true,
      rows: [
        {
          height: 8,
          panels: [
            [6, tempo.received()],
            [6, tempo.live()],
            [6, loki.received()],
            [6, loki.streams()],
          ],
        },
      ],
    },
    {
      heading: 'Alertmanager and incident responder',
      collapsed: true,
      rows: [
        {
          height: 9,
          panels: [
            [8, alerting.alerts()],
            [8, alerting.notifications()],
            [8, alerting.latency()],
          ],
        },
      ],
    },
    {
      heading: 'Anomaly detector and Grafana',
      collapsed: true,
      rows: [
        {
          height: 9,
          panels: [
            [8, alerting.detectorLag()],
            [8, alerting.detectorPolls()],
            [8, alerting.grafana()],
          ],
        },
      ],
    },
  ]);
}
