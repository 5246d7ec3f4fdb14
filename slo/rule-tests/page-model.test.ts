import { describe, expect, it } from 'vitest';
import { pairsFor } from '../model/burn-rate-windows.ts';
import { eventTimeline } from './event-timeline.ts';
import { pageModel, pairFires, ticksOf } from './page-model.ts';
import { stepDetectionSeconds, stepResetSeconds } from './ticket-tests.ts';

const { pairs } = pairsFor(30, '0.001');
const [fast, slow, day, threeDays] = pairs as [
  (typeof pairs)[0],
  (typeof pairs)[0],
  (typeof pairs)[0],
  (typeof pairs)[0],
];
const healthy = ticksOf('6h');

function firstFiring(pair: (typeof pairs)[0], errorRatio: number): number {
  const timeline = eventTimeline([{ ticks: healthy }, { ticks: healthy, errorRatio }]);
  const tick = timeline.total.findIndex((_, each) => pairFires(timeline, each, pair));
  return tick < 0 ? Number.POSITIVE_INFINITY : (tick - (healthy - 1)) * 15;
}

// Chapter 5 of the SRE Workbook gives the ideal times; these are the exact ones of 15 s scrapes and evaluations.
describe('the model of the page at an objective of 99.9 %', () => {
  it.each([
    [1, 60, 135],
    [0.1, 525, 1305],
    [0.01, Number.POSITIVE_INFINITY, 12_960],
    [0.005, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('detects an error ratio of %f after %f s and %f s', (errorRatio, fastSeconds, slowSeconds) => {
    expect(firstFiring(fast, errorRatio)).toBe(fastSeconds);
    expect(firstFiring(slow, errorRatio)).toBe(slowSeconds);
  });

  it.each([
    [1, 60, 285],
    [1, 120, 285],
    [1, 600, 1785],
    [0.1, 900, 255],
    [0.1, 3600, 1680],
    [0.01, 21_600, 720],
  ])('after %f failing for %i s, resolves %i s after the end', (errorRatio, seconds, reset) => {
    const failing = seconds / 15;
    const model = pageModel(
      eventTimeline([{ ticks: healthy }, { ticks: failing, errorRatio }, { ticks: healthy }]),
      pairs.slice(0, 2),
    );
    expect((model.lastIndexOf(true) + 1 - (healthy - 1) - failing) * 15).toBe(reset);
  });

  it('keeps a page while telemetry is missing', () => {
    const timeline = eventTimeline([
      { ticks: 40 },
      { ticks: 40, errorRatio: 1 },
      { ticks: 200, absent: true },
      { ticks: 10 },
    ]);
    const model = pageModel(timeline, pairs.slice(0, 2));
    expect(model.slice(79, 279).every(Boolean)).toBe(true);
  });

  it('keeps a page without traffic in the short windows, until the long ones have forgotten too', () => {
    const timeline = eventTimeline([
      { ticks: 40 },
      { ticks: 40, errorRatio: 1 },
      { ticks: ticksOf('6h') + 60, events: 0 },
    ]);
    const model = pageModel(timeline, pairs.slice(0, 2));
    expect(model.lastIndexOf(true)).toBeGreaterThan(80 + ticksOf('5h'));
    expect(model.at(-1)).toBe(false);
  });
});

describe('the closed form of a step', () => {
  it.each([
    [1, 270, 270, 7170, 21_570],
    [0.1, 2595, 2595, 6975, 21_375],
    [0.01, 25_920, 25_920, 5040, 19_440],
    [0.005, 51_840, 51_840, 2880, 17_280],
  ])(
    'gives tickets for an error ratio of %f',
    (errorRatio, dayFires, threeDaysFire, dayResets, threeDaysReset) => {
      expect(stepDetectionSeconds(day, errorRatio)).toBe(dayFires);
      expect(stepDetectionSeconds(threeDays, errorRatio)).toBe(threeDaysFire);
      expect(stepResetSeconds(day, errorRatio)).toBe(dayResets);
      expect(stepResetSeconds(threeDays, errorRatio)).toBe(threeDaysReset);
    },
  );
});
