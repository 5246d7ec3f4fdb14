/** Round numbers within [from, to], about `count` of them. */
export function niceTicks(from: number, to: number, count: number): readonly number[] {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to; index += 1)
    ticks.push(Number((index * step).toPrecision(12)));
  return ticks;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
];

/** Round moments within [from, to] (Unix seconds), at most `count`, with a label in UTC. */
export function timeTicks(from: number, to: number, count: number): readonly { at: number; label: string }[] {
  const step = STEPS.find((size) => (to - from) / size <= count) ?? Math.ceil((to - from) / count);
  const ticks: { at: number; label: string }[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const iso = new Date(at * 1000).toISOString();
    ticks.push({ at, label: step >= DAY ? iso.slice(0, 10) : iso.slice(5, 16).replace('T', ' ') });
  }
  return ticks;
}
