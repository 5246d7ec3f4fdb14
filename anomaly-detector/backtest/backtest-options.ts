import { z } from 'zod';
import { WEEKDAYS } from '../calendar/season-calendar.ts';
import { parseTimestamp } from './samples.ts';

const seconds = z.coerce.number('expected a number of seconds').positive('expected a number of seconds > 0');
const moment = z.string().transform((text, context) => {
  const timestampSeconds = parseTimestamp(text);
  if (timestampSeconds !== undefined) return timestampSeconds;
  context.addIssue({
    code: 'custom',
    message: `expected ISO 8601 or Unix seconds, got ${JSON.stringify(text)}`,
  });
  return z.NEVER;
});
const timeZone = z.string().refine((zone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, 'expected an IANA time zone such as Europe/Berlin');
const deviation = z.coerce.number('expected a number').nonnegative('expected a number >= 0');

/** The command line, as checked: exactly one source, and what it needs. */
export const backtestOptions = z
  .object({
    csv: z.string().optional(),
    dir: z.string().optional(),
    prometheus: z.url('expected a URL such as http://127.0.0.1:9090').optional(),
    query: z.string().optional(),
    start: moment.optional(),
    end: moment.optional(),
    step: seconds.optional(),
    out: z.string().optional(),
    svg: z.string().optional(),
    labels: z.string().optional(),
    json: z.boolean().default(false),
    timeZone: timeZone.default('UTC'),
    calendar: z.string().optional(),
    holidaysAre: z.enum(WEEKDAYS).default('sunday'),
    seasonality: z.enum(['auto', 'none', 'daily', 'daily-and-weekly']).default('auto'),
    direction: z.enum(['both', 'above', 'below']).default('both'),
    minimumAbsoluteDeviation: deviation.default(0),
    minimumRelativeDeviation: deviation.default(0),
    expectedFalseAlarmsPerWeek: z.coerce
      .number('expected a number')
      .min(0.01, 'expected at least 0.01')
      .max(20, 'expected at most 20')
      .optional(),
    minimum: z.coerce.number('expected a number').optional(),
    maximum: z.coerce.number('expected a number').optional(),
    timeoutMs: z.coerce.number().positive().default(30_000),
  })
  .superRefine((options, context) => {
    const problem = (message: string, path: string) =>
      context.addIssue({ code: 'custom', message, path: [path] });
    const sources = (['csv', 'dir', 'prometheus'] as const).filter((source) => options[source] !== undefined);
    if (sources.length !== 1)
      problem(
        `give one of --csv, --dir and --prometheus, got ${sources.length === 0 ? 'none' : sources.join(' and ')}`,
        'csv',
      );
    if (options.prometheus !== undefined)
      for (const needed of ['query', 'start', 'end', 'step'] as const)
        if (options[needed] === undefined) problem('needed with --prometheus', needed);
    if (options.start !== undefined && options.end !== undefined && options.end <= options.start)
      problem('expected a moment after --start', 'end');
  });
export type BacktestOptions = z.infer<typeof backtestOptions>;
