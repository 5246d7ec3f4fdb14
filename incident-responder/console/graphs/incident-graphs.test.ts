import type { RangeSeries } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { describe, expect, it } from 'vitest';
import { incidentGraphs } from './incident-graphs.ts';

const MINUTE_MS = 60_000;
const nowMs = 1_800_000_000_000;
const startedAtMs = nowMs - 10 * MINUTE_MS;

async function graphsOf(
  series: readonly RangeSeries[],
  incident: { startedAtMs: number; resolvedAtMs: number | null; services: string[] } = {
    startedAtMs,
    resolvedAtMs: null,
    services: ['storefront'],
  },
  alerts = [{ labels: { slo: 'storefront-latency' } }, { labels: { slo: 'none' } }],
) {
  const asked: { query: string; points: number; stepSeconds: number }[] = [];
  const result = await incidentGraphs({
    prometheus: {
      async queryRange({ query, startSeconds, endSeconds, stepSeconds }) {
        asked.push({ query, points: (endSeconds - startSeconds) / stepSeconds, stepSeconds });
        return { series: query.startsWith('{') ? series : [], warnings: [] };
      },
    },
    incident,
    alerts,
    grafanaUrl: 'http://grafana',
    nowMs,
  });
  return { ...result, asked };
}

const line = (name: string, rule: string, value: number): RangeSeries => ({
  labels: { __name__: name, rule, service: 'storefront' },
  samples: [[Math.floor(nowMs / 15_000) * 15, String(value)]],
});

describe('graphs of an incident', () => {
  it('put value, expectation and band together, anomalies first', async () => {
    const { graphs } = await graphsOf([
      line('anomaly_value', 'a_calm_one', 5),
      line('anomaly_active', 'a_calm_one', 0),
      line('anomaly_value', 'storefront_requests', 2),
      line('anomaly_expected', 'storefront_requests', 20),
      line('anomaly_lower', 'storefront_requests', 15),
      line('anomaly_upper', 'storefront_requests', 25),
      line('anomaly_active', 'storefront_requests', 1),
    ]);
    expect(graphs.map(({ title }) => title)).toEqual(['storefront requests', 'a calm one, storefront']);
    expect(graphs[0]!.band!.upper.at(-1)).toBe(25);
    expect(graphs[0]!.link).toMatch(
      /^http:\/\/grafana\/d\/anomalies\?var-rule=storefront_requests&from=\d+&to=\d+$/,
    );
    expect(graphs[0]!.summary).toBe(
      'Latest 2, expected 20 (15 to 25); outside the band 100 % of this time, between 2 and 2 in this time.',
    );
    expect(graphs[0]!.value).toHaveLength(graphs[0]!.timestamps.length);
  });

  it('ask for 240 points at most, a day back at most', async () => {
    const { asked } = await graphsOf([], {
      startedAtMs: nowMs - 10 * 24 * 60 * MINUTE_MS,
      resolvedAtMs: null,
      services: ['storefront'],
    });
    for (const { points, stepSeconds } of asked) {
      expect(points).toBeLessThanOrEqual(240);
      expect(points * stepSeconds).toBeLessThanOrEqual(24 * 3600);
    }
  });

  it('ask for nothing that a label brings in', async () => {
    const { asked } = await graphsOf(
      [],
      { startedAtMs, resolvedAtMs: null, services: ['x"} or vector(1) #', 'identity', 'a.*'] },
      [{ labels: { slo: '"} or up{' } }],
    );
    expect(asked.map(({ query }) => query)).toEqual([
      '{__name__=~"anomaly_value|anomaly_expected|anomaly_lower|anomaly_upper|anomaly_active", service=~"identity"}',
    ]);
  });

  it('are eight at most', async () => {
    const many = Array.from({ length: 30 }, (_, index) => line('anomaly_value', `rule_${index}`, 1));
    expect((await graphsOf(many)).graphs).toHaveLength(8);
  });
});
