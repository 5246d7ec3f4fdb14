const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Seconds of a Prometheus duration such as `30s`, `1h30m` or `28d`; undefined for anything else.
 * Milliseconds and years are left out on purpose: no rule of a detector needs them.
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
 */
export function durationSeconds(text: string): number | undefined {
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (match === null || text === '') return undefined;
  const [w, d, h, m, s] = match.slice(1).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return w * UNIT_SECONDS.w! + d * UNIT_SECONDS.d! + h * UNIT_SECONDS.h! + m * UNIT_SECONDS.m! + s;
}

/** The duration in words for a person, coarse on purpose: `45 s`, `12 min`, `3 h`, `2 days`. */
export function durationInWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
