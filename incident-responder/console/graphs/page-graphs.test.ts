import { describe, expect, it } from 'vitest';
import { promqlProblem } from '../../remediation/promql.ts';
import { examplePlatform } from '../testing/example-platform.ts';
import { anomalyGraphs } from './anomaly-graphs.ts';
import { readSpan, seriesLabels } from './graph-query.ts';
import type { RangeReader } from './incident-graphs.ts';
import { serviceGraphs } from './service-graphs.ts';
import { sloGraphs } from './slo-graphs.ts';

const nowMs = Date.UTC(2026, 5, 1, 12);
const EVIL = 'x"} or vector(1) # \\';

function recording() {
  const asked: string[] = [];
  const prometheus: RangeReader = {
    async queryRange({ query, startSeconds, endSeconds, stepSeconds }) {
      asked.push(query);
      expect((endSeconds - startSeconds) / stepSeconds).toBeLessThanOrEqual(240);
      return { series: [], warnings: [] };
    },
  };
  return { asked, prometheus };
}

describe('graphs of pages', () => {
  it('forecast a budget from now on, with bounds', async () => {
    const { graphs } = await sloGraphs({
      prometheus: examplePlatform({ nowMs }),
      name: 'storefront-latency',
      service: 'storefront',
      nowMs,
    });
    const [budget, burn] = graphs;
    expect(budget?.summary).toMatch(/^31 % left; spent in 4 days at/);
    const now = budget!.value.findLastIndex((each) => each !== null);
    expect(budget!.band!.expected[now]).toBeCloseTo(0.31);
    expect(budget!.band!.expected[now - 1]).toBeNull();
    expect(budget!.band!.expected.at(-1)).toBe(0);
    const inTwoDays = now + 16;
    expect(budget!.band!.lower[inTwoDays]).toBeLessThan(budget!.band!.upper[inTwoDays]!);
    expect(burn?.limit).toEqual({ name: 'page from 14.4 on', at: 14.4 });
  });

  it('say so where nothing is recorded', async () => {
    const { graphs } = await sloGraphs({ ...recording(), name: 'a', service: undefined, nowMs });
    expect(graphs.map(({ summary }) => summary)).toEqual([
      'Nothing is recorded yet.',
      ...Array.from({ length: 3 }, () => 'No value in this time.'),
    ]);
  });

  it.each([
    ['an SLO', (prometheus: RangeReader) => sloGraphs({ prometheus, name: EVIL, service: EVIL, nowMs })],
    [
      'a service',
      (prometheus: RangeReader) => serviceGraphs({ prometheus, service: EVIL, hours: 24, nowMs }),
    ],
    [
      'a series',
      (prometheus: RangeReader) =>
        anomalyGraphs({
          prometheus,
          rule: EVIL,
          labels: seriesLabels({ service: EVIL, route: EVIL }),
          hours: 6,
          nowMs,
        }),
    ],
  ])('ask for nothing that the name of %s brings in', async (_of, read) => {
    const { asked, prometheus } = recording();
    await read(prometheus);
    expect(asked.map(promqlProblem)).toEqual(asked.map(() => undefined));
    for (const query of asked) expect(query).toContain('="x\\"} or vector(1) # \\\\"');
  });

  it('take labels and spans from an address that are some, and leave out the rest', () => {
    expect(
      seriesLabels({ service: 'a', 'b}': 'c', rule: 'd', hours: '6', list: ['e'], long: 'x'.repeat(301) }),
    ).toEqual({ service: 'a' });
    expect([readSpan({ hours: '6' }), readSpan({ hours: '600' }), readSpan({})]).toEqual([6, 1, 1]);
  });
});
