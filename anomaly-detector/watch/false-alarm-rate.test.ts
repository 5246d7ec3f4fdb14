import { describe, expect, it } from 'vitest';
import { createRandom } from '../backtest/random.ts';
import { replay } from '../backtest/replay.ts';
import { createFalseAlarmRate } from './false-alarm-rate.ts';

const WEEK = 604_800;
const HOUR = 3600;

/** Evidence of an hour each, with an exponential tail; alarms of the later half are counted. */
function lived(perWeek: number, weeks: number, scale: number) {
  const random = createRandom(6);
  const rate = createFalseAlarmRate(perWeek);
  let exceeded = 0;
  for (let at = 0; at < weeks * WEEK; at += HOUR) {
    const evidence = -0.2 * scale * Math.log(random.uniform());
    if (at > (weeks * WEEK) / 2 && evidence >= rate.threshold) exceeded += 1;
    rate.note(at, evidence);
  }
  return { rate, perWeek: exceeded / (weeks / 2) };
}

describe('an alarm calibrated on the past of a series', () => {
  it.each([
    [0.35, 0.5],
    [0.35, 1],
    [2, 0.5],
    [2, 1],
  ])('is raised about %d times a week, whether evidence comes in sizes of %d or not', (wanted, scale) => {
    expect(lived(wanted, 30, scale).perWeek).toBeGreaterThan(wanted / 4);
    expect(lived(wanted, 30, scale).perWeek).toBeLessThan(wanted * 2.5);
  });

  it('begins as it is built in, and is lower the more alarms are wanted', () => {
    const thresholds = [0.1, 0.35, 1, 3].map((perWeek) => createFalseAlarmRate(perWeek).threshold);
    expect(thresholds[1]).toBeCloseTo(1, 1);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a));
  });

  it('goes on from where it was saved', () => {
    const { rate } = lived(1, 10, 1);
    expect(createFalseAlarmRate(1, rate.save()).threshold).toBe(rate.threshold);
  });
});

it('a series is heard more or less often with the rate that is wanted of it', () => {
  const random = createRandom(7);
  const rows = Array.from({ length: 42 * 288 }, (_, index) => ({
    line: index + 1,
    text: ['', ''] as const,
    sample: {
      timestampSeconds: 1_770_000_000 + 300 * index,
      value: 100 + 4 * random.normal() + (random.uniform() < 0.004 ? 12 + 30 * random.uniform() : 0),
    },
  }));
  const heard = [0.05, 0.35, 3].map(
    (expectedFalseAlarmsPerWeek) =>
      replay(rows, { stepSeconds: 300, timeZone: 'UTC', expectedFalseAlarmsPerWeek }).anomalies.length,
  );
  expect(heard).toEqual([...heard].sort((a, b) => a - b));
  expect(heard[2]).toBeGreaterThan(2 * heard[0]!);
});
