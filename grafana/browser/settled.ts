import type { Page, Request } from 'playwright-core';

/** A busy machine takes its time; what hangs is told from it by never ending. */
export const SETTLED_TIMEOUT_MS = 90_000;
/** Of a dashboard that stands still: the longest interval, as Grafana takes an empty one for the dashboard's own. */
export const NO_REFRESH = '1d';
const POLL_MS = 100;
const QUIET_POLLS = 15;

/**
 * What a page asks of Grafana; to be called before it opens anything. The drawing's own workers are left out: they never
 * count as loaded.
 *
 * @returns a function that waits until nothing has been open for a while, or throws what still is.
 */
export function watchRequests(page: Page, baseUrl: string): () => Promise<void> {
  const open = new Set<Request>();
  page.on('request', (request) => {
    // Live connections stay open.
    if (request.url().startsWith(`${baseUrl}/api/`) && !request.url().includes('/api/live/'))
      open.add(request);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return async () => {
    const deadline = Date.now() + SETTLED_TIMEOUT_MS;
    for (let quiet = 0; quiet < QUIET_POLLS; quiet = open.size === 0 ? quiet + 1 : 0) {
      if (Date.now() > deadline)
        throw new Error(
          `${page.url()} still waits for ${[...open].map((request) => request.url()).join(', ')}`,
        );
      await page.waitForTimeout(POLL_MS);
    }
  };
}
