import { expect, test } from 'vitest';
import { createRuleWatch } from '../watch/rule-watch.ts';
import { WHOLE } from '../watch/shard.ts';
import { createRandom } from './random.ts';
import { replay, ruleOf } from './replay.ts';

const STEP = 300;
const START = Date.UTC(2026, 1, 2) / 1000;
const options = { stepSeconds: STEP, timeZone: 'Europe/Berlin' };

test.each([
  { what: 'recorded samples', hasEvents: false },
  { what: 'shares of recorded events', hasEvents: true },
])('a backtest says of $what, bit for bit, what the live path said', async ({ hasEvents }) => {
  const random = createRandom(5);
  const eventsAt = (at: number) => Math.round(3000 - 2900 * Math.cos(at / 13_751));
  const scale = hasEvents ? 0.001 : 1;
  const samples = Array.from({ length: 6 * 288 }, (_, index) => {
    const isIncident = index >= 1450 && index < 1462;
    return [
      START + index * STEP,
      scale * (100 + 20 * Math.sin(index / 46) + random.normal() + (isIncident ? 60 : 0)),
    ] as const;
  }).filter((_, index) => index % 400 < 390);
  const watch = createRuleWatch({
    rule: {
      ...ruleOf({ ...options, hasEvents }),
      query: 'recorded',
      events: hasEvents ? 'events' : undefined,
    },
    prometheus: {
      queryRange: async ({ query, startSeconds, endSeconds }) => ({
        series: [
          {
            labels: {},
            samples: samples
              .filter(([at]) => at >= startSeconds && at <= endSeconds)
              .map(([at, value]) => [at, String(query === 'events' ? eventsAt(at) : value)]),
          },
        ],
        warnings: [],
      }),
    },
    timeZone: options.timeZone,
    shard: WHOLE,
    onSkipped: () => {},
    saved: { evaluatedUntilSeconds: START - STEP, series: [] },
  });
  const live = [];
  const episodes = new Set<string>();
  for (const [at] of samples) {
    await watch.poll(at);
    const [series] = watch.series.values();
    live.push(series!.latest.observation);
    if (series!.endedEpisode) episodes.add(JSON.stringify(series!.endedEpisode));
  }
  const replayed = replay(
    samples.map(([timestampSeconds, value]) => ({
      line: 1,
      text: ['', ''],
      sample: { timestampSeconds, value, ...(hasEvents ? { events: eventsAt(timestampSeconds) } : {}) },
    })),
    { ...options, hasEvents },
  );
  expect(replayed.rows.map(({ observation }) => observation)).toEqual(live);
  expect(replayed.anomalies.length).toBeGreaterThan(0);
  expect(
    replayed.anomalies.map(({ anomaly, endSeconds }) => [anomaly.startSeconds, endSeconds, anomaly.peak]),
  ).toEqual(
    [...episodes]
      .map((text) => JSON.parse(text))
      .map(({ startsAtSeconds, endedAtSeconds, peak }) => [startsAtSeconds, endedAtSeconds, peak]),
  );
});
