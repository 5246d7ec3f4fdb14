import { expect, test } from 'vitest';
import { measureShardLoad } from './shard-load.ts';

test('the shards of a load share its series out, each once', { timeout: 60_000 }, async () => {
  const loads = [];
  for (const index of [1, 2, 3])
    loads.push(
      await measureShardLoad({
        rules: 2,
        seriesPerRule: 60,
        shard: { index, count: 3 },
        onProgress: () => {},
      }),
    );
  expect(loads.reduce((sum, { series }) => sum + series, 0)).toBe(120);
  for (const { series, pollCpuSeconds } of loads) {
    expect(series).toBeLessThan(120);
    expect(pollCpuSeconds).toBeGreaterThan(0);
  }
});
