import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { BURN_RATE_PAIRS, BURN_WINDOWS } from '../burn-rate-pairs.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { failingRoutes } from '../failing-routes.ts';
import {
  DASHBOARD_UIDS,
  linkToApplication,
  linkToLogs,
  linkToTraces,
  ofLabel,
  routeLinks,
  variable,
} from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { rangeQuery } from '../panels/prometheus-query.ts';
import { stat } from '../panels/stat.ts';
import { stateTimeline } from '../panels/state-timeline.ts';
import { timeSeries } from '../panels/time-series.ts';
import { failureRate } from '../queries/http.ts';
import * as slo from '../queries/slo.ts';
import {
  BUDGET_LEVELS,
  burnFigureLevels,
  EXHAUSTION_LEVELS,
  EXHAUSTION_TEXTS,
  RANK_COLORS,
  SEVERITY_TEXTS,
  STATE_LEVELS,
  STATE_TEXTS,
  STATES_EXPLAINED,
} from '../slo-levels.ts';
import { failingStandOut, slowStandOut } from '../stands-out.ts';
import { labelVariable } from '../variables.ts';

const ONE = slo.CHOSEN_SLO;
const NO_SLO = 'This SLO is not recorded';

/** One SLO: how it stands, how fast it burns against each alert's factors, where the bad events come from. */
export function dashboard(): Dashboard {
  const dashboard = newDashboard({
    uid: DASHBOARD_UIDS.sloDetail,
    title: 'SLO detail',
    description:
      'One service level objective: budget, burn over every window against its factors, failures and alerts.',
    alerts: ONE,
  })
    .link(linkToApplication())
    .link(linkToTraces())
    .link(linkToLogs())
    .withVariable(labelVariable('service', 'Service', SERIES.objective, { preferred: 'storefront' }))
    .withVariable(labelVariable('slo', 'SLO', `${SERIES.objective}{service="$service"}`));
  return complete(dashboard, [
    {
      rows: [
        {
          height: 4,
          panels: [
            [4, state()],
            [3, objective()],
            [3, recent()],
            [4, overPeriod()],
            [4, budgetLeft()],
            [3, burn()],
            [3, exhaustion()],
          ],
        },
      ],
    },
    {
      heading: 'Burn rate against the factors of each alert',
      rows: pairRows(),
    },
    {
      heading: 'Budget and alerts',
      rows: [
        {
          height: 8,
          panels: [
            [12, burnDown()],
            [12, alertHistory()],
          ],
        },
        {
          height: 8,
          panels: [
            [12, errorRatios()],
            [12, badEvents()],
          ],
        },
      ],
    },
    {
      heading: 'Where: requests of $service',
      rows: [
        { height: 8, panels: [[24, failingRoutes()]] },
        {
          height: 8,
          panels: [
            [12, failingStandOut()],
            [12, slowStandOut()],
          ],
        },
      ],
    },
  ]);
}

const state = () =>
  stat({
    title: 'State',
    description: `The worst that holds. ${STATES_EXPLAINED}`,
    unit: 'none',
    expression: slo.state(ONE),
    levels: STATE_LEVELS,
    mappings: [STATE_TEXTS],
    noValue: NO_SLO,
    filled: true,
  });

const objective = () =>
  stat({
    title: 'Objective',
    description: 'Share of events that shall be good over the period.',
    unit: 'percentunit',
    expression: slo.objective(ONE),
    levels: NO_LEVELS,
    noValue: NO_SLO,
  });

const recent = () =>
  stat({
    title: 'Last 5 min',
    description: 'Share of good events in the last 5 minutes.',
    unit: 'percentunit',
    decimals: 2,
    expression: slo.attained(ONE, '5m'),
    levels: NO_LEVELS,
    noValue: 'No traffic',
  });

const overPeriod = () =>
  stat({
    title: 'Period so far',
    description: 'Share of good events over the rolling period, weighted by events, as far as it has data.',
    unit: 'percentunit',
    decimals: 3,
    expression: slo.attainedOverPeriod(ONE),
    levels: NO_LEVELS,
    noValue: 'No traffic',
  });

const budgetLeft = () =>
  stat({
    title: 'Budget left',
    description: 'Share of the error budget that is left. Below zero the objective is missed.',
    unit: 'percentunit',
    decimals: 1,
    expression: slo.budgetRemaining(ONE),
    levels: BUDGET_LEVELS,
    noValue: 'No traffic',
  });

const burn = () =>
  stat({
    title: 'Burn, 1 h',
    description:
      'Speed at which the budget was spent in the last hour; 1x spends exactly all of it over the period.',
    unit: 'suffix:x',
    decimals: 2,
    expression: slo.burnRate(ONE, '1h'),
    levels: burnFigureLevels('1h'),
    noValue: 'No traffic',
  });

const exhaustion = () =>
  stat({
    title: 'Exhausted in',
    description:
      'Time until the budget is spent, at the burn of the last 6 hours; exhausted while none is left.',
    unit: 'dtdurations',
    decimals: 1,
    expression: slo.timeToExhaustion(ONE),
    levels: EXHAUSTION_LEVELS,
    mappings: EXHAUSTION_TEXTS,
    noValue: 'No traffic',
  });

/** At most four side by side. */
function pairRows() {
  const rows = Array.from({ length: Math.ceil(BURN_RATE_PAIRS.length / 4) }, (_, row) =>
    BURN_RATE_PAIRS.slice(row * 4, row * 4 + 4),
  );
  return rows.map((pairs) => ({
    height: 8,
    panels: pairs.map((pair) => [24 / pairs.length, pairBurn(pair)] as const),
  }));
}

function pairBurn(pair: (typeof BURN_RATE_PAIRS)[number]) {
  const color = pair.severity === 'page' ? COLORS.bad : COLORS.act;
  return timeSeries({
    title: `${pair.severity === 'page' ? 'Page' : 'Ticket'}: ${pair.factor}x over ${pair.long} and ${pair.short}`,
    description: `A ${pair.severity} fires while both windows burn at more than ${pair.factor} times the sustainable rate (dashed): ${pair.budgetPercent} % of the budget is spent by then.`,
    unit: 'suffix:x',
    levels: levels(COLORS.good, [Number(pair.factor), color]),
    min: 0,
    softMax: Number(pair.factor) * 1.25,
    queries: [
      rangeQuery('A', pair.long, slo.burnRate(ONE, pair.long)),
      rangeQuery('B', pair.short, slo.burnRate(ONE, pair.short)),
    ],
  });
}

const burnDown = () =>
  timeSeries({
    title: 'Error budget left',
    description:
      'Share of the error budget that is left in the rolling period. Below the dashed line the objective is missed.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0, COLORS.bad]),
    softMin: 0,
    max: 1,
    queries: [rangeQuery('A', 'left', slo.budgetRemaining(ONE))],
  });

const alertHistory = () =>
  stateTimeline({
    title: 'Alerts of this SLO',
    description: 'When alerts of each severity fired.',
    unit: 'none',
    levels: levels(
      COLORS.quiet,
      ...Object.values(slo.RANK)
        .map((rank) => [rank, RANK_COLORS[rank]] as const)
        .reverse(),
    ),
    mappings: [SEVERITY_TEXTS, valueTexts({ 0: { text: 'quiet', color: COLORS.quiet } })],
    queries: Object.entries(slo.RANK).map(([severity, rank], index) =>
      rangeQuery(String.fromCharCode(65 + index), severity, slo.rankOverTime(severity, rank, ONE)),
    ),
  });

const errorRatios = () =>
  timeSeries({
    title: 'Share of bad events',
    failures: true,
    lines: { budget: { color: COLORS.plain, dashed: true } },
    description: 'Share of bad events over each window, and the error budget as the share that may be bad.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    queries: [
      ...BURN_WINDOWS.map((window, index) =>
        rangeQuery(String.fromCharCode(65 + index), window, `1 - (${slo.attained(ONE, window)})`),
      ),
      rangeQuery('Z', 'budget', slo.budget(ONE)),
    ],
  });

const badEvents = () =>
  timeSeries({
    title: 'Bad events',
    description:
      'Bad events of this SLO each minute, and the requests of the service that are answered with a 5xx status, by route; both over 5 minutes.',
    unit: 'suffix:/min',
    failures: true,
    levels: NO_LEVELS,
    min: 0,
    softMax: 1,
    links: routeLinks(variable('service'), ofLabel('route')),
    queries: [
      rangeQuery('A', 'bad events', `60 * ${slo.badRate(ONE)}`),
      rangeQuery('B', '{{route}}', `60 * ${failureRate({ service: '$service' }, 'route', '5m')}`),
    ],
  });
