import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { injectedFaults } from '../annotations.ts';
import { complete, newDashboard } from '../dashboard.ts';
import * as head from '../fulfillment/headline.ts';
import { instances } from '../fulfillment/instances.ts';
import * as over from '../fulfillment/over-time.ts';
import { FULFILLMENT } from '../fulfillment/scope.ts';
import { DASHBOARD_UIDS } from '../links.ts';

/** Fulfillment's instances: which one fails how many documents, against the objective, and which are gone. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.fulfillment,
    title: 'Fulfillment',
    description: 'The instances that make documents: what each fails against the objective, and outages.',
    alerts: FULFILLMENT,
  }).annotation(injectedFaults('fulfillment'));
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [4, head.state()],
            [4, head.instancesUp()],
            [4, head.rate()],
            [4, head.failing()],
            [4, head.budgetLeft()],
            [4, head.visitors()],
          ],
        },
        { height: 7, panels: [[24, instances()]] },
      ],
    },
    {
      heading: 'Failures against the objective',
      rows: [
        {
          height: 8,
          panels: [
            [12, over.failures()],
            [12, over.failuresByInstance()],
          ],
        },
      ],
    },
    {
      heading: 'Outages',
      rows: [
        {
          height: 8,
          panels: [
            [12, over.outages()],
            [12, over.shareUp()],
          ],
        },
      ],
    },
    {
      heading: 'Work',
      rows: [
        {
          height: 8,
          panels: [
            [8, over.documents()],
            [8, over.latency()],
            [8, over.visitors()],
          ],
        },
      ],
    },
  ]);
}
