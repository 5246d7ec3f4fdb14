import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../dashboard.ts';
import * as head from '../host/headline.ts';
import * as time from '../host/over-time.ts';
import * as processes from '../host/processes.ts';
import { DASHBOARD_UIDS } from '../links.ts';

/** What the machine is short of, and which process takes it. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.host,
    title: 'Host',
    description:
      'What the machine is short of (processors, memory, disk, network), and which process takes it.',
  });
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [3, head.cpu()],
            [3, head.load()],
            [3, head.memory()],
            [3, head.disk()],
            [3, head.diskDays()],
            [3, head.busiestDisk()],
            [3, head.files()],
            [3, head.processors()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, time.cpu()],
            [12, processes.cpu()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, time.memory()],
            [12, processes.memory()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, time.load()],
            [8, time.swapping()],
            [8, processes.openFiles()],
          ],
        },
      ],
    },
    {
      heading: 'Disks',
      rows: [
        {
          height: 8,
          panels: [
            [6, time.diskFree()],
            [6, time.diskBusy()],
            [6, time.diskBytes()],
            [6, time.diskSeconds()],
          ],
        },
      ],
    },
    {
      heading: 'Network',
      rows: [
        {
          height: 7,
          panels: [
            [12, time.network()],
            [12, time.networkLoss()],
          ],
        },
      ],
    },
  ]);
}
