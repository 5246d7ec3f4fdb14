import { describe, expect, it } from 'vitest';
import { belongsTo, parseShard } from './shard.ts';

describe('shards', () => {
  const keys = Array.from({ length: 3000 }, (_, i) => `requests{instance="host-${i}"}`);

  it('share out series so that each belongs to exactly one', () => {
    for (const key of keys) {
      const owners = [1, 2, 3].filter((index) => belongsTo({ index, count: 3 }, key));
      expect(owners).toHaveLength(1);
    }
  });

  it('get about the same number of series each', () => {
    const counts = [1, 2, 3].map((index) => keys.filter((key) => belongsTo({ index, count: 3 }, key)).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(200);
  });

  it('are written i/n', () => {
    expect(parseShard('2/3')).toEqual({ index: 2, count: 3 });
  });

  it.each(['0/3', '4/3', '1', 'a/b', '1/3/5', ''])('%j is refused', (text) => {
    expect(() => parseShard(text)).toThrow(/expected i\/n/);
  });
});
