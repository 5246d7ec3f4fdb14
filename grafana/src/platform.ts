import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from './dashboard.ts';
import { DASHBOARD_UIDS } from './links.ts';
import * as alerting from './platform/alerting.ts';
import * as collector from './platform/collector.ts';
import * as head from './platform/headline.ts';
import * as prometheus from './platform/prometheus.ts';
import { targets } from './platform/targets.ts';
import * as tempo from './platform/tempo.ts';

/** Whether what observes can be relied on: each component, what it takes in, what it loses, how far behind it is. */
export function platform(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.platform,
    title: 'Platform',
    description:
      'Can what you see be relied on? Each component of the platform: what it takes in, loses, and how late it is.',
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
          height: 12,
          panels: [
            [16, targets()],
            [8, head.sampleAge()],
          ],
        },
      ],
    },
    {
      heading: 'Collector',
      rows: [
        {
          height: 8,
          panels: [
            [6, collector.received()],
            [6, collector.lost()],
            [6, collector.queue()],
            [6, collector.exportLatency()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, collector.sent()],
            [8, collector.sampling()],
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
            [8, prometheus.ingestion()],
            [8, prometheus.series()],
            [8, prometheus.seriesByJob()],
          ],
        },
        {
          height: 8,
          panels: [
            [6, prometheus.rules()],
            [6, prometheus.queries()],
            [6, prometheus.troubles()],
            [6, prometheus.storage()],
          ],
        },
      ],
    },
    {
      heading: 'Tempo',
      rows: [
        {
          height: 8,
          panels: [
            [8, tempo.received()],
            [8, tempo.lost()],
            [8, tempo.live()],
          ],
        },
      ],
    },
    {
      heading: 'Alertmanager and incident responder',
      rows: [
        {
          height: 8,
          panels: [
            [6, alerting.alerts()],
            [6, alerting.notifications()],
            [6, alerting.failures()],
            [6, alerting.latency()],
          ],
        },
      ],
    },
    {
      heading: 'Anomaly detector and Grafana',
      rows: [
        {
          height: 8,
          panels: [
            [6, alerting.detectorLag()],
            [6, alerting.detectorPolls()],
            [6, alerting.detectorErrors()],
            [6, alerting.grafana()],
          ],
        },
      ],
    },
  ]);
}
