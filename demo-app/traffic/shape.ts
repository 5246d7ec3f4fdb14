const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;

/** Share of a weekday's traffic that a day of the weekend has. */
const WEEKEND_LEVEL = 0.8;

/** Hours over which the week's level moves from one to the other, around midnight. */
const TRANSITION_HOURS = 6;

/** Amplitude and hour of the maximum of the day's first three harmonics: quiet at 4, a shoulder at noon, a peak at 20. */
const DAY_HARMONICS = [
  { amplitude: 0.45, peakHour: 16.4 },
  { amplitude: 0.22, peakHour: 20.6 },
  { amplitude: 0.06, peakHour: 20 },
] as const;

/** The rate's mean over a week before it is scaled to 1, by five-minute steps. */
const UNSCALED_MEAN = meanOverWeek();

/**
 * Rate of arrivals relative to their mean: about 0.4 at night, about 1.6 in the evening, lower on weekends, 1 over a
 * week. Smooth in local time (it jumps by an hour where clocks are changed), and the same for the same arguments.
 *
 * @param timestampMs milliseconds since the epoch
 * @param timeZone IANA name
 */
export function relativeRate(timestampMs: number, timeZone = 'UTC'): number {
  // The epoch was a Thursday: 72 hours after Monday.
  const hours = (timestampMs + offsetMs(timestampMs, timeZone)) / HOUR_MS + 72;
  return unscaledRate(((hours % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS) / UNSCALED_MEAN;
}

/** @param hourOfWeek 0..168, from Monday's midnight */
function unscaledRate(hourOfWeek: number): number {
  const day = DAY_HARMONICS.reduce(
    (sum, { amplitude, peakHour }, index) =>
      sum + amplitude * Math.cos((2 * Math.PI * (index + 1) * (hourOfWeek - peakHour)) / 24),
    1,
  );
  return day * weekLevel(hourOfWeek);
}

/** 1 on weekdays, {@link WEEKEND_LEVEL} on weekends, with a raised cosine between them. */
function weekLevel(hourOfWeek: number): number {
  // Hours from the middle of the weekend, which is midnight between its days, the shorter way round the week.
  const away = Math.abs(hourOfWeek - 144);
  const distance = Math.min(away, WEEK_HOURS - away);
  const progress = Math.min(1, Math.max(0, (distance - 24) / TRANSITION_HOURS + 0.5));
  return WEEKEND_LEVEL + ((1 - WEEKEND_LEVEL) * (1 - Math.cos(Math.PI * progress))) / 2;
}

function meanOverWeek(): number {
  const steps = WEEK_HOURS * 12;
  let sum = 0;
  for (let step = 0; step < steps; step += 1) sum += unscaledRate((step + 0.5) / 12);
  return sum / steps;
}

const formats = new Map<string, Intl.DateTimeFormat>();
let lastOffset = { timeZone: 'UTC', quarterHour: 0, offsetMs: 0 };

/** The zone's distance from UTC. Looked up once per quarter of an hour: history asks for millions of times in order. */
function offsetMs(timestampMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const quarterHour = Math.floor(timestampMs / (HOUR_MS / 4));
  if (lastOffset.timeZone !== timeZone || lastOffset.quarterHour !== quarterHour) {
    const moment = quarterHour * (HOUR_MS / 4);
    lastOffset = { timeZone, quarterHour, offsetMs: wallClockMs(moment, timeZone) - moment };
  }
  return lastOffset.offsetMs;
}

/** What a clock in the zone shows, read as if it were UTC. */
function wallClockMs(timestampMs: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(
    format.formatToParts(timestampMs).map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
}
