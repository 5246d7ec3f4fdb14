import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as panels from '../checkout/panels.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS } from '../links.ts';

/** Whether orders get to their end, and where they wait. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.checkout,
    title: 'Checkout',
    description: 'Whether orders get to their end, where they wait, and what the payment provider answers.',
  });
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [4, panels.fulfilledShare()],
            [4, panels.oldest()],
            [4, panels.dead()],
            [4, panels.waiting()],
            [4, panels.fulfilledPerMinute()],
            [4, panels.declinedShare()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, panels.ended()],
            [12, panels.age()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, panels.jobs()],
            [12, panels.deadOverTime()],
          ],
        },
      ],
    },
    {
      heading: 'Steps and payments',
      rows: [
        {
          height: 8,
          panels: [
            [6, panels.stepDuration()],
            [6, panels.stepRate()],
            [6, panels.charges()],
            [6, panels.paymentAnswers()],
          ],
        },
      ],
    },
  ]);
}
