import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS } from '../links.ts';
import * as head from '../scorecard/headline.ts';
import * as time from '../scorecard/over-time.ts';

/** How well incidents are found and dealt with. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.scorecard,
    title: 'AIOps scorecard',
    description:
      'How fast incidents are detected, acknowledged, mitigated and resolved; whether probable roots and actions were right; what wakes people.',
  });
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [3, head.rootAccuracy()],
            [3, head.detected()],
            [3, head.acknowledged()],
            [3, head.mitigated()],
            [3, head.resolved()],
            [3, head.autoHealed()],
            [3, head.wrongActs()],
            [3, head.pages()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, time.calibration()],
            [16, time.times()],
          ],
        },
        {
          height: 8,
          panels: [
            [8, time.incidents()],
            [8, time.notifications()],
            [8, time.actions()],
          ],
        },
        {
          height: 4,
          panels: [
            [4, head.alertsAnIncident()],
            [4, head.falseAlarms()],
            [4, head.takenBack()],
            [4, head.postmortems()],
            [4, head.tracingCoverage()],
            [4, head.sloCoverage()],
          ],
        },
        {
          height: 6,
          panels: [
            [4, head.modelCost()],
            [20, time.tokens()],
          ],
        },
      ],
    },
  ]);
}
