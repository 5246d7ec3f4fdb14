import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as head from '../chaos/headline.ts';
import * as tables from '../chaos/tables.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS } from '../links.ts';
import { programmes } from '../queries/chaos.ts';
import { labelVariable } from '../variables.ts';

/** What a programme of drawn faults came to, against the goals. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.chaos,
    title: 'Chaos',
    description:
      'What the platform made of faults drawn by a seed, against the goals: the report of a chaos programme, as npm run -s lab -- chaos-push sent it.',
  })
    // It is sent once.
    .time({ from: 'now-7d', to: 'now' })
    .withVariable(labelVariable('programme', 'Programme', programmes));
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [3, head.experiments()],
            [3, head.faults()],
            [4, head.met()],
            [4, head.missed()],
            [4, head.falseIncidents()],
            [3, head.quietHours()],
            [3, head.budgetSpent()],
          ],
        },
        {
          height: 9,
          panels: [
            [13, tables.shares()],
            [11, tables.times()],
          ],
        },
        { height: 16, panels: [[24, tables.faults()]] },
        { height: 7, panels: [[24, tables.calibration()]] },
      ],
    },
  ]);
}
