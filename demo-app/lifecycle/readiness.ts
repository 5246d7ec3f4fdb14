/** How long a process waits for its first scrape before it takes requests without one. */
export const SCRAPE_GRACE_MS = 10_000;

interface ReadinessOptions {
  readonly scrapeGraceMs?: number;
  readonly now?: () => number;
  /** What must come before it can take requests, as long as that has not come. */
  readonly waitingFor?: (() => string | undefined) | undefined;
}

/**
 * Ready once the zeros of the counters were scraped, so that the very first errors are an increase; or after a grace
 * period since listening, for where nothing scrapes. Not ready again while draining. A dependency that is lost later does not
 * make it unready: who restarted all that wait for a database would only add to its outage.
 */
export function createReadiness({
  scrapeGraceMs = SCRAPE_GRACE_MS,
  now = performance.now.bind(performance),
  waitingFor = () => undefined,
}: ReadinessOptions = {}) {
  let listeningSince = Number.POSITIVE_INFINITY;
  let scraped = false;
  let draining = false;
  return {
    listening() {
      listeningSince = now();
    },
    scraped() {
      scraped = true;
    },
    drain() {
      draining = true;
    },
    status(): string {
      if (draining) return 'draining';
      const awaited = waitingFor();
      if (awaited !== undefined) return awaited;
      return scraped || now() - listeningSince >= scrapeGraceMs ? 'ready' : 'waiting for the first scrape';
    },
  };
}

export type Readiness = ReturnType<typeof createReadiness>;
