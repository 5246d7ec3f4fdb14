import { type Dashboard, VariableHide } from '@grafana/grafana-foundation-sdk/dashboard';
import { injectedFaults } from '../annotations.ts';
import * as chosen from '../anomalies/chosen-series.ts';
import * as every from '../anomalies/every-series.ts';
import * as head from '../anomalies/headline.ts';
import * as breaches from '../anomalies/predicted-breaches.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS, linkToAlerts } from '../links.ts';
import * as queries from '../queries/anomalies.ts';
import { labelVariable } from '../variables.ts';

/** What the anomaly detector watches: each series against what it expected, and what it calls anomalous. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.anomalies,
    title: 'Anomalies',
    description: 'Every watched series against what the anomaly detector expected of it.',
  })
    .withVariable(
      labelVariable('rule', 'Rule', queries.active, {
        preferred: 'storefront_requests',
      }),
    )
    // A rule has one of them or none: a click on a row of the table chooses, an empty selector would say nothing.
    // Of a template: not `service`, which the menu of dashboards carries over from another page.
    .withVariable(
      labelVariable('about', 'Service', `${queries.active}{rule="$rule"}`, { from: 'service' }).hide(
        VariableHide.HideVariable,
      ),
    )
    .withVariable(
      labelVariable('route', 'Route', `${queries.active}{rule="$rule"}`).hide(VariableHide.HideVariable),
    )
    .withVariable(
      labelVariable('process', 'Instance', queries.perProcess, { from: 'instance' }).hide(
        VariableHide.HideVariable,
      ),
    )
    .annotation(injectedFaults('storefront'))
    .link(linkToAlerts('Alertmanager'));
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [4, head.active()],
            [4, head.highestScore()],
            [4, head.scored()],
            [4, head.lag()],
            [4, head.perSeriesWeek()],
            [4, head.precision()],
          ],
        },
        { height: 12, panels: [[24, every.all()]] },
      ],
    },
    {
      heading: '$rule: $about $route $process',
      rows: [
        {
          height: 10,
          panels: [
            [16, chosen.withBand()],
            [8, chosen.score()],
          ],
        },
      ],
    },
    {
      heading: 'All series over time',
      rows: [
        {
          height: 10,
          panels: [[24, every.activeOverTime()]],
        },
        {
          height: 8,
          panels: [
            [8, every.scores()],
            [8, every.raised()],
            [8, every.states()],
          ],
        },
      ],
    },
    {
      heading: 'Limits',
      rows: [
        {
          height: 8,
          panels: [
            [12, breaches.now()],
            [12, breaches.probabilities()],
          ],
        },
      ],
    },
  ]);
}
