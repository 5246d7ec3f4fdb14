/** What Grafana computes from the time range and the width of a panel. */
export interface Intervals {
  readonly rangeSeconds: number;
  /** Between two points of a graph. */
  readonly stepSeconds: number;
}

/** The data source's setting, which is not below what generated history has. */
const SCRAPE_INTERVAL_SECONDS = 30;

/** @see https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/ */
const rateIntervalSeconds = ({ stepSeconds }: Intervals): number =>
  Math.max(stepSeconds + SCRAPE_INTERVAL_SECONDS, 4 * SCRAPE_INTERVAL_SECONDS);

/** The step of a graph of so many points, as Grafana would take it: not below the scrape interval. */
export const intervalsOf = (rangeSeconds: number, points: number): Intervals => ({
  rangeSeconds,
  stepSeconds: Math.max(Math.ceil(rangeSeconds / points), SCRAPE_INTERVAL_SECONDS),
});

/** A text of a dashboard with its variables and Grafana's own ones filled in. @throws where one has no value. */
export function interpolated(
  text: string,
  variables: Readonly<Record<string, string>>,
  intervals: Intervals,
): string {
  const builtIn: Readonly<Record<string, string>> = {
    __rate_interval: `${rateIntervalSeconds(intervals)}s`,
    __interval: `${intervals.stepSeconds}s`,
    // Loki's own.
    __auto: `${intervals.stepSeconds}s`,
    __range: `${intervals.rangeSeconds}s`,
  };
  return text.replaceAll(
    /\$(?:\{(\w+)(?::\w+)?\}|([a-zA-Z_]\w*))/g,
    (_all, braced?: string, bare?: string) => {
      const name = braced ?? bare!;
      const value = builtIn[name] ?? variables[name];
      if (value === undefined) throw new Error(`variable $${name} has no value in: ${text}`);
      return value;
    },
  );
}
