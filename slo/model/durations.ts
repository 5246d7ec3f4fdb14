import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';

/** Seconds of a duration in text that this program wrote itself. @throws RangeError */
export function secondsOf(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds === undefined) throw new RangeError(`expected a duration such as 5m, got ${text}`);
  return seconds;
}

const SPOKEN_UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `1 day`, `36 hours`: for sentences in annotations. */
export function spokenDuration(duration: string): string {
  const seconds = secondsOf(duration);
  const [unit, length] = SPOKEN_UNITS.find(([, unitSeconds]) => seconds % unitSeconds === 0)!;
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** `last 5 minutes`, `last hour`, `last 3 days` */
export function spokenWindow(window: string): string {
  return `last ${spokenDuration(window).replace(/^1 /, '')}`;
}
