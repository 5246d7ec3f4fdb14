import { z } from 'zod';

const PATTERN = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS_MS = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1] as const;

/**
 * Milliseconds of a duration as Prometheus writes it: `30s`, `1h30m`, `28d`, `500ms`; undefined for anything else.
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
 */
export function durationMs(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null || text === '') return undefined;
  return UNITS_MS.reduce((sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
}

/** Seconds of a Prometheus duration; undefined for anything else. */
export function durationSeconds(text: string): number | undefined {
  const ms = durationMs(text);
  return ms === undefined ? undefined : ms / 1000;
}

/** A setting that is written as a Prometheus duration, in milliseconds. */
export const durationSchema = (minimum = '0s') =>
  z.string('expected a duration such as 30s, 5m or 1h30m').transform((text, context) => {
    const ms = durationMs(text);
    if (ms !== undefined && ms >= durationMs(minimum)!) return ms;
    const atLeast = minimum === '0s' ? '' : ` of at least ${minimum}`;
    context.addIssue(`expected a duration${atLeast} such as 30s, 5m or 1h30m`);
    return z.NEVER;
  });
