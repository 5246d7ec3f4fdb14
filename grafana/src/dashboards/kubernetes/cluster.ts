import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../../dashboard.ts';
import * as panels from '../../kubernetes/cluster-panels.ts';
import { KUBERNETES_UIDS } from '../../links.ts';

/** What a cluster is short of, and what in it does not run. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: KUBERNETES_UIDS.cluster,
    title: 'Cluster',
    description: 'Nodes of the Kubernetes cluster, what does not run on them, and events.',
  });
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [6, panels.nodesReady()],
            [6, panels.workloadsWhole()],
            [6, panels.pending()],
            [6, panels.waiting()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, panels.readiness()],
            [12, panels.restarts()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, panels.cpu()],
            [12, panels.memory()],
          ],
        },
        { height: 10, panels: [[24, panels.events()]] },
      ],
    },
  ]);
}
