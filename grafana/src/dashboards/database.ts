import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../dashboard.ts';
import * as head from '../database/headline.ts';
import * as time from '../database/over-time.ts';
import { DASHBOARD_UIDS } from '../links.ts';

/** Whether the shop's database answers, and what it is short of. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.database,
    title: 'Database',
    description:
      'The shop’s PostgreSQL: connections and who waits for them, what it reads and writes, and its tables.',
  });
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [4, head.up()],
            [4, head.connections()],
            [4, head.waiters()],
            [4, head.rowsScanned()],
            [4, head.deadlocks()],
            [4, head.size()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, time.poolUsed()],
            [8, time.poolWaiters()],
            [8, time.poolWait()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, time.connections()],
            [8, time.transactions()],
            [8, time.hits()],
          ],
        },
      ],
    },
    {
      heading: 'Tables',
      rows: [
        {
          height: 8,
          panels: [
            [12, time.rowsScanned()],
            [12, time.rowsWritten()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, time.tableSizes()],
            [8, time.indexSizes()],
            [8, time.deadRows()],
          ],
        },
      ],
    },
  ]);
}
