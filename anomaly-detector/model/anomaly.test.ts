import { describe, expect, test } from 'vitest';
import { type AnomalyStatus, type AnomalyTracker, createAnomalyTracker } from './anomaly.ts';
import { createSeriesModel } from './seasonal-model.ts';
import type { Observation } from './series-model.ts';

/** An observation of `value` where 10 was expected, give or take 2. */
function seen(value: number, score = 0.1): Observation {
  return {
    kind: 'scored',
    score,
    expected: 10,
    lower: 8,
    upper: 12,
    tailScale: 0,
    confidence: 0.9,
    direction: value > 12 ? 'above' : value < 8 ? 'below' : 'within',
    deviation: value - 10,
    stuckSinceSeconds: undefined,
  };
}

function feed(tracker: AnomalyTracker, ...samples: readonly (readonly [number, number?])[]): AnomalyStatus {
  let status: AnomalyStatus = { state: 'none' };
  for (const [value, score] of samples) {
    clock += 60;
    status = tracker.observe(clock, value, seen(value, score));
  }
  return status;
}
let clock = 0;

describe('an anomaly', () => {
  test('does not open on a single sample, however high its score', () => {
    const tracker = createAnomalyTracker();
    expect(feed(tracker, [10], [16, 0.8]).state).toBe('none');
    expect(feed(tracker, [10], [10], [10]).state).toBe('none');
  });

  test('opens at the second sample off the interval', () => {
    const tracker = createAnomalyTracker();
    expect(feed(tracker, [16, 0.8], [15, 0.1]).state).toBe('active');
  });

  test('keeps its side when it is off a little where the interval has no width', () => {
    const tracker = createAnomalyTracker();
    feed(tracker, [16, 0.8], [16]);
    const low = { ...seen(9.5), lower: 10, direction: 'below' } as const;
    expect(tracker.observe(clock + 60, 9.5, low)).toMatchObject({ anomaly: { direction: 'above' } });
  });

  test('keeps its side when a larger deviation to the other follows, as a backlog after an outage', () => {
    const tracker = createAnomalyTracker();
    feed(tracker, [6, 0.8], [6]);
    expect(feed(tracker, [40], [40])).toMatchObject({ anomaly: { direction: 'below', peak: { value: 6 } } });
  });

  test('opens at once when the sample is extreme', () => {
    expect(feed(createAnomalyTracker(), [40, 0.9]).state).toBe('active');
  });

  test('does not open on samples off the interval without an alarm', () => {
    const tracker = createAnomalyTracker();
    expect(feed(tracker, [14], [14], [14], [14]).state).toBe('none');
  });

  test('stays open while the value is off, though the scores are damped after the alarm', () => {
    const tracker = createAnomalyTracker();
    feed(tracker, [16, 0.8]);
    for (let index = 0; index < 50; index += 1) expect(feed(tracker, [16, 0.16]).state).toBe('active');
  });

  test('outlasts a sample or two inside, and ends with the third', () => {
    const tracker = createAnomalyTracker();
    feed(tracker, [16, 0.8], [16, 0.1]);
    expect(feed(tracker, [10], [10]).state).toBe('active');
    expect(feed(tracker, [16], [10], [10]).state).toBe('active');
    const ended = feed(tracker, [10]);
    expect(ended).toMatchObject({ state: 'ended', endSeconds: clock });
    expect(feed(tracker, [10]).state).toBe('none');
  });

  test('is unmoved by missing and rejected samples', () => {
    const tracker = createAnomalyTracker();
    feed(tracker, [16, 0.8], [16, 0.1]);
    for (let index = 0; index < 10; index += 1)
      expect(tracker.observe(clock, Number.NaN, { kind: 'no-data' }).state).toBe('active');
  });

  test('knows its start, its peak and its direction', () => {
    const tracker = createAnomalyTracker();
    feed(tracker, [10]);
    const start = clock + 60;
    const status = feed(tracker, [3, 0.7], [1, 0.3], [2, 0.2]);
    expect(status).toMatchObject({
      state: 'active',
      anomaly: {
        startSeconds: start,
        lastOffSeconds: start + 120,
        direction: 'below',
        peak: { timestampSeconds: start + 60, value: 1, magnitude: 4.5 },
      },
    });
  });

  test.each([
    ['low', 14, 0.55],
    ['medium', 14, 0.65],
    ['high', 20, 0.75],
    ['critical', 30, 0.9],
  ])('is of %s severity at %d with a score of %d', (severity, value, score) => {
    expect(feed(createAnomalyTracker(), [value, score], [value, 0.1])).toMatchObject({
      anomaly: { severity },
    });
  });

  test('goes on from a snapshot that went through JSON as if nothing had happened', () => {
    const tracker = createAnomalyTracker();
    feed(tracker, [16, 0.8], [18, 0.1], [10]);
    const snapshot = JSON.parse(JSON.stringify(tracker.snapshot()));
    const resumed = createAnomalyTracker({ snapshot });
    const at = clock;
    const expected = feed(tracker, [17], [10], [10], [10]);
    clock = at;
    expect(feed(resumed, [17], [10], [10], [10])).toEqual(expected);
  });
});

describe('with a model', () => {
  /** Runs noise of 1 around 100 with something added for a while and tells the stretches that were anomalies. */
  function stretches(
    added: (index: number) => number,
    count = 6000,
  ): readonly (readonly [number, number | undefined])[] {
    const model = createSeriesModel({ stepSeconds: 60, timeZone: 'UTC' });
    const tracker = createAnomalyTracker();
    const found: (readonly [number, number | undefined])[] = [];
    let open: number | undefined;
    let state = 7;
    for (let index = 0; index < count; index += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const value = 100 + (state / 2 ** 31 - 1) + added(index);
      const status = tracker.observe(index * 60, value, model.update(index * 60, value));
      open = status.state === 'active' ? status.anomaly.startSeconds / 60 : undefined;
      if (status.state === 'ended') found.push([status.anomaly.startSeconds / 60, status.endSeconds / 60]);
    }
    if (open !== undefined) found.push([open, undefined]);
    return found;
  }

  test('an incident of half an hour is one anomaly, from its first sample to shortly after its last', () => {
    const found = stretches((index) => (index >= 4000 && index < 4030 ? 12 : 0));
    expect(found).toHaveLength(1);
    expect(found[0]![0]).toBe(4000);
    expect(found[0]![1]).toBeGreaterThanOrEqual(4030);
    expect(found[0]![1]).toBeLessThan(4040);
  });

  test('a new level ends as an anomaly once the model took it for granted', () => {
    const found = stretches((index) => (index >= 4000 ? 12 : 0));
    expect(found).toHaveLength(1);
    expect(found[0]![0]).toBe(4000);
    expect(found[0]![1]).toBeLessThan(4000 + 260);
  });

  test('noise alone is none', () => {
    expect(stretches(() => 0)).toEqual([]);
  });
});
