import { shown } from '@aiops-sre/service-kit/schema/check.ts';
import type { FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { describeProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { parse } from 'yaml';
import { z } from 'zod';
import { secondsOf } from './durations.ts';

/** What Prometheus keeps when neither a time nor a size is set. @see https://prometheus.io/docs/prometheus/latest/storage/ */
const PROMETHEUS_DEFAULT = '15d';
/** Old blocks go as a whole, and a period should survive a few days without anybody looking. */
const SPARE_DAYS = 5;

const UNITS = [
  ['y', 31_536_000],
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
  ['ms', 0.001],
] as const;
const DURATION = new RegExp(`^(?=.)${UNITS.map(([unit]) => `(?:(\\d+)${unit})?`).join('')}$`);

/** What says how long data is kept; whether the rest is valid is for Prometheus to say. */
const configurationSchema = z
  .object({
    storage: z
      .object({
        tsdb: z
          .object({
            retention: z
              .object({
                time: z.unknown().optional(),
                size: z.unknown().optional(),
                percentage: z.unknown().optional(),
              })
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  })
  .nullish();

/** Seconds of a duration in Prometheus' notation, `35d` or `5w1d12h`; undefined if it is not one. */
export function retentionSeconds(text: string): number | undefined {
  if (text === '0') return 0;
  const match = DURATION.exec(text);
  if (!match) return undefined;
  return UNITS.reduce((sum, [, seconds], index) => sum + Number(match[index + 1] ?? 0) * seconds, 0);
}

/** SLOs whose period is longer than what Prometheus keeps, so that their budget would silently be one of less. */
export function outlivingRetention<T extends { readonly periodDays: number }>(
  slos: readonly T[],
  seconds: number,
): T[] {
  return slos.filter(({ periodDays }) => secondsOf(`${periodDays}d`) > seconds);
}

export interface RetentionOptions {
  /** SLOs of the definitions, or the entries of the generated index. */
  readonly slos: readonly { readonly name: string; readonly periodDays: number }[];
  /** Text of Prometheus' configuration. */
  readonly configuration: string;
  /** What messages call it: `prometheus/prometheus.yml`. */
  readonly file: string;
}

/**
 * Whether Prometheus keeps data for as long as every SLO's period, by the time in its configuration. A limit of size may
 * drop data earlier; nobody can know when.
 * @returns a message that says what was found and how to mend it, or none
 */
export function retentionProblems({ slos, configuration, file }: RetentionOptions): string[] {
  const problem = (path: string, found: string, possible: string): FileProblem => ({
    file,
    path,
    found,
    possible,
  });
  const path = 'storage.tsdb.retention.time';
  let retention: { time?: unknown; size?: unknown; percentage?: unknown } | null | undefined;
  try {
    retention = configurationSchema.parse(parse(configuration))?.storage?.tsdb?.retention;
  } catch (error) {
    const reason = error instanceof z.ZodError ? error.issues[0]!.message : (error as Error).message;
    return [describeProblem(problem('', reason.split('\n')[0]!, 'a configuration of Prometheus'))];
  }
  const { time, size, percentage } = retention ?? {};
  const text = time === undefined || time === null || time === 0 ? '0' : time;
  const seconds = typeof text === 'string' ? retentionSeconds(text) : undefined;
  if (seconds === undefined) return [describeProblem(problem(path, shown(time), 'a duration such as 35d'))];
  if (seconds === 0 && (isLimit(size) || isLimit(percentage))) return [];
  const kept = seconds === 0 ? secondsOf(PROMETHEUS_DEFAULT) : seconds;
  const short = outlivingRetention(slos, kept);
  if (short.length === 0) return [];
  const longest = Math.max(...short.map(({ periodDays }) => periodDays));
  const found = seconds === 0 ? `none, so that Prometheus keeps ${PROMETHEUS_DEFAULT}` : String(time);
  const names = short.map(({ name, periodDays }) => `${name} (${periodDays}d)`).join(', ');
  return [
    describeProblem(
      problem(
        path,
        found,
        `at least ${longest}d, better ${longest + SPARE_DAYS}d: the period of ${names} is longer, and with less ` +
          'the error budget would silently be one of a shorter period. Set it there, then start again',
      ),
    ),
  ];
}

/** `8GB` and 80, but not 0B. */
function isLimit(value: unknown): boolean {
  return value !== undefined && value !== null && /[1-9]/.test(String(value));
}
