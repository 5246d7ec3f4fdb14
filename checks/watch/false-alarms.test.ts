import { expect, test } from 'vitest';
import { falseAlarms, mostByChance } from './false-alarms.ts';

test('95 of 100 watches have no more by chance, as tables of the Poisson distribution have it', () => {
  expect([0.01, 0.1, 1, 2.7, 10].map(mostByChance)).toEqual([0, 1, 3, 6, 15]);
});

test('an anomaly is false where nothing that is labelled in its own series is near', () => {
  const series = ['a', 'b'].map((name) => ({
    name,
    stepSeconds: 300,
    timestampSeconds: [],
    values: [],
    windows: name === 'a' ? ([[100_000, 101_000]] as const) : [],
  }));
  const told = (name: string, startsAtSeconds: number, endedAtSeconds?: number) => ({
    rule: 'r',
    labels: { series: name },
    startsAtSeconds,
    endedAtSeconds,
    summary: '',
  });
  const all = [told('a', 100_500, 100_600), told('a', 10, 20), told('a', 10), told('b', 100_500, 100_600)];
  expect(falseAlarms(all, series)).toEqual([all[1], all[3]]);
});
