import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { BrowserContext, Page, Request } from 'playwright-core';

export interface Shot {
  readonly dashboard: Dashboard;
  readonly width: number;
  /** `dark` or `light`. */
  readonly theme: string;
  /** Of the query part of the address, besides the theme: time range and variables. */
  readonly parameters: string;
}

/** Marks that Grafana puts on a panel, each with what it means. @see packages/grafana-e2e-selectors in Grafana's source */
const BAD_MARKS = [
  ['[data-testid="data-testid Panel status error"]', 'has an error'],
  ['[data-testid="data-testid Panel data error message"]', 'has no data'],
  ['[aria-label="Panel loading bar"]', 'is still loading'],
] as const;

const ROW_HEIGHT_PX = 38;
const HEADER_HEIGHT_PX = 200;
/** A busy machine takes its time; what hangs is told from it by never ending. */
const SETTLED_TIMEOUT_MS = 90_000;
const POLL_MS = 100;
const QUIET_POLLS = 15;
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
    const open = openRequests(page, baseUrl);
    await page.goto(`${baseUrl}/d/${shot.dashboard.uid}?theme=${shot.theme}&refresh=&${shot.parameters}`);
    await page
      .locator('[data-testid^="data-testid Panel header"]')
      .first()
      .waitFor({ timeout: SETTLED_TIMEOUT_MS });
    await answered(page, open);
    await page.waitForTimeout(DRAW_MS);
    await page.screenshot({ path: file });
    return await problems(page);
  } finally {
    await page.close();
  }
}

/** What was asked of Grafana and has no answer yet. The drawing's own workers are left out: they never count as loaded. */
function openRequests(page: Page, baseUrl: string): ReadonlySet<Request> {
  const open = new Set<Request>();
  page.on('request', (request) => {
    if (request.url().startsWith(`${baseUrl}/api/`)) open.add(request);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return open;
}

/** Waits until nothing has been open for a while, or throws what still is. */
async function answered(page: Page, open: ReadonlySet<Request>): Promise<void> {
  const deadline = Date.now() + SETTLED_TIMEOUT_MS;
  for (let quiet = 0; quiet < QUIET_POLLS; quiet = open.size === 0 ? quiet + 1 : 0) {
    if (Date.now() > deadline)
      throw new Error(
        `${page.url()} still waits for ${[...open].map((request) => request.url()).join(', ')}`,
      );
    await page.waitForTimeout(POLL_MS);
  }
}

async function problems(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [mark, meaning] of BAD_MARKS)
    for (const marked of await page.locator(mark).all()) {
      const panel = marked.locator(
        'xpath=ancestor::section[starts-with(@data-testid, "data-testid Panel header")]',
      );
      const title =
        (await panel
          .first()
          .getAttribute('data-testid')
          .catch(() => null)) ?? 'a panel';
      found.push(`${title.replace('data-testid Panel header ', '')} ${meaning}`);
    }
  return found;
}
