import type { Locator } from 'playwright-core';
import { DASHBOARD_UIDS } from '../src/links.ts';
import type { Visitor } from './visitor.ts';

/** One way on from somewhere. It throws where the way does not lead where it should. */
export interface Hop {
  readonly name: string;
  go(visitor: Visitor): Promise<void>;
}

const SERVICE = 'storefront';
/** By the storefront. */
const CALLED = 'fulfillment';
const AVAILABILITY = 'storefront-availability';
const SLO_DETAIL_PANELS = ['Budget left', 'Bad events'];

/** From the first screen to a line of a failed request and back, and the ways in from beside it. */
export const HOPS: readonly Hop[] = [
  {
    name: 'SLO overview: an SLO to its detail',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.sloOverview);
      const slos = visitor.panel('Service level objectives');
      await visitor.follow(slos.getByRole('link', { name: AVAILABILITY }));
      await visitor.landedOnDashboard(
        DASHBOARD_UIDS.sloDetail,
        { service: SERVICE, slo: AVAILABILITY },
        SLO_DETAIL_PANELS,
      );
    },
  },
  {
    name: 'SLO overview: a figure to its SLO',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.sloOverview);
      const figure = visitor.panel('Least budget left');
      await visitor.follow(figure.getByRole('link', { name: 'Details of this SLO' }).or(figure.locator('a')));
      await visitor.landedOnDashboard(DASHBOARD_UIDS.sloDetail, {}, SLO_DETAIL_PANELS);
    },
  },
  {
    name: 'SLO overview: an alert to what it is about, at its time',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.sloOverview, {}, visitor.itsTime);
      const alert = visitor.panel('Firing alerts').getByRole('row').filter({ hasText: AVAILABILITY });
      await visitor.follow(alert.getByRole('link'));
      await visitor.landedOnDashboard(
        DASHBOARD_UIDS.sloDetail,
        { service: SERVICE, slo: AVAILABILITY },
        SLO_DETAIL_PANELS,
        false,
      );
      visitor.showsItsTime();
    },
  },
  {
    name: 'SLO detail: a failing route to Application',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.sloDetail, { service: SERVICE, slo: AVAILABILITY });
      const route = await failingRoute(visitor);
      await visitor.choose(route.cell, 'This route in Application');
      await visitor.landedOnDashboard(DASHBOARD_UIDS.application, { service: SERVICE, route: route.name }, [
        'Routes',
        'Failed by route',
      ]);
    },
  },
  {
    name: 'SLO detail: a failing route to its logs',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.sloDetail, { service: SERVICE, slo: AVAILABILITY });
      const route = await failingRoute(visitor);
      await visitor.choose(route.cell, 'Logs of this route');
      await visitor.landedOnDashboard(DASHBOARD_UIDS.logs, { service: SERVICE, route: route.name }, [
        'Failures of every service',
        `Lines of ${SERVICE}`,
      ]);
    },
  },
  {
    name: 'Application: a route to its traces',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.sloDetail, { service: SERVICE, slo: AVAILABILITY });
      const { name: route } = await failingRoute(visitor);
      await visitor.openDashboard(DASHBOARD_UIDS.application, { service: SERVICE });
      const cell = visitor.panel('Routes').getByRole('gridcell').getByText(route, { exact: true });
      await visitor.choose(cell, 'Traces of this route');
      await visitor.landedOnDashboard(DASHBOARD_UIDS.tracing, { service: SERVICE, route }, [
        'Failing traces',
      ]);
    },
  },
  {
    name: 'Tracing: a failing trace to its spans',
    async go(visitor) {
      await openFailingTrace(visitor);
    },
  },
  {
    name: 'Trace: a span to its lines, a line back to the trace',
    async go(visitor) {
      const traceId = await openFailingTrace(visitor);
      await visitor.page.getByTestId('span-view').first().click();
      await visitor.follow(visitor.page.getByRole('link', { name: 'Logs for this span' }));
      await visitor.openLine(visitor.page.locator('body'));
      // In a tab of its own: beside the trace, a line's link to it would prove nothing.
      await visitor.openHref(visitor.page.getByRole('link', { name: 'Open the trace' }));
      const again = await visitor.landedOnTrace();
      if (again !== traceId) throw new Error(`the line leads to trace ${again}, not to ${traceId}`);
    },
  },
  {
    name: 'Application: a dot of a failed request to its trace',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.application, { service: SERVICE });
      const dot = visitor.panel('Latency').getByTestId('data-testid Exemplar marker');
      await dot.last().click();
      await visitor.follow(visitor.page.getByRole('link', { name: 'Open the trace' }));
      await visitor.landedOnTrace();
    },
  },
  {
    name: 'Logs: a failure to its trace',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.logs, { service: SERVICE });
      const lines = visitor.panel('Failures of every service');
      await visitor.openLine(lines);
      await visitor.follow(lines.getByRole('link', { name: 'Open the trace' }));
      await visitor.landedOnTrace();
    },
  },
  {
    name: 'Service map: a service to its traces',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.tracing, { service: SERVICE });
      const map = visitor.panel('Service map');
      await visitor.choose(map.getByLabel(`Node: ${CALLED}`, { exact: true }), 'Traces of this service');
      await visitor.landedOnDashboard(DASHBOARD_UIDS.tracing, { service: CALLED }, [
        'Calls between services',
      ]);
    },
  },
  {
    name: 'Anomalies: a watched series to its panel',
    async go(visitor) {
      await visitor.openDashboard(DASHBOARD_UIDS.anomalies);
      const rule = visitor.panel('Watched series').getByRole('link').first();
      const name = (await rule.innerText()).trim();
      await visitor.follow(rule);
      await visitor.landedOnDashboard(DASHBOARD_UIDS.anomalies, { rule: name }, [
        'Watched series',
        'Value and what was expected',
      ]);
    },
  },
];

/** The first of the routes that SLO detail says fail. */
async function failingRoute(visitor: Visitor): Promise<{ name: string; cell: Locator }> {
  const cell = visitor.panel('Failing routes').getByRole('gridcell').first().locator('a');
  return { name: (await cell.innerText()).trim(), cell };
}

/** @returns its id */
async function openFailingTrace(visitor: Visitor): Promise<string> {
  await visitor.openDashboard(DASHBOARD_UIDS.tracing, { service: SERVICE });
  await visitor.follow(visitor.panel('Failing traces').getByRole('link'));
  return visitor.landedOnTrace();
}
