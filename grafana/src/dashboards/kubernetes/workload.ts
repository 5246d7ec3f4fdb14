import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../../dashboard.ts';
import * as panels from '../../kubernetes/workload-panels.ts';
import { KUBERNETES_UIDS } from '../../links.ts';
import { labelVariable } from '../../variables.ts';

/** One Deployment or StatefulSet: its pods, their limits, and why they do not run. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: KUBERNETES_UIDS.workload,
    title: 'Workload',
    description:
      'One workload of the Kubernetes cluster: its pods, what they take of their limits, and events.',
  })
    .withVariable(labelVariable('namespace', 'Namespace', 'workload:ready:ratio'))
    .withVariable(labelVariable('workload', 'Workload', 'workload:ready:ratio{namespace="$namespace"}'));
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [6, panels.ready()],
            [6, panels.cpuShare()],
            [6, panels.memoryShare()],
            [6, panels.restarts()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, panels.cpu()],
            [8, panels.memory()],
            [8, panels.reasons()],
          ],
        },
        { height: 10, panels: [[24, panels.events()]] },
      ],
    },
  ]);
}
