import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { BrowserContext } from 'playwright-core';
import { panelProblems } from '../browser/panel-problems.ts';
import { NO_REFRESH, SETTLED_TIMEOUT_MS, watchRequests } from '../browser/settled.ts';

export interface Shot {
  readonly dashboard: Dashboard;
  readonly width: number;
  /** `dark` or `light`. */
  readonly theme: string;
  /** Of the query part of the address, besides the theme: time range and variables. */
  readonly parameters: string;
}

const ROW_HEIGHT_PX = 38;
const HEADER_HEIGHT_PX = 200;
/** Charts are drawn a moment after their data is there. */
const DRAW_MS = 1500;

/** Opens a dashboard as tall as it is, since Grafana loads only what is in view, and once, without refreshes. @returns what is wrong, by panel. */
export async function capture(
  context: BrowserContext,
  baseUrl: string,
  shot: Shot,
  file: string,
): Promise<readonly string[]> {
  const page = await context.newPage();
  try {
    const rows = Math.max(
      ...(shot.dashboard.panels ?? []).map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0)),
    );
    await page.setViewportSize({ width: shot.width, height: HEADER_HEIGHT_PX + rows * ROW_HEIGHT_PX });
    const settled = watchRequests(page, baseUrl);
    await page.goto(
      `${baseUrl}/d/${shot.dashboard.uid}?theme=${shot.theme}&refresh=${NO_REFRESH}&${shot.parameters}`,
    );
    await page
      .locator('[data-testid^="data-testid Panel header"]')
      .first()
      .waitFor({ timeout: SETTLED_TIMEOUT_MS });
    await settled();
    // Of a service map; a worker of the browser does that.
    await page
      .getByText('Computing layout')
      .first()
      .waitFor({ state: 'hidden', timeout: SETTLED_TIMEOUT_MS });
    await page.waitForTimeout(DRAW_MS);
    await page.screenshot({ path: file });
    return await panelProblems(page);
  } finally {
    await page.close();
  }
}
