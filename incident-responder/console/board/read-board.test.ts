import { describe, expect, it } from 'vitest';
import { promqlProblem } from '../../remediation/promql.ts';
import { HOSTILE_TEXT } from '../testing/example-incident.ts';
import { examplePlatform } from '../testing/example-platform.ts';
import { type BoardReader, readBoard } from './read-board.ts';

const nowMs = Date.UTC(2026, 5, 1, 12);

describe('the board', () => {
  it('puts together how SLOs, services and anomalies are, the worst first', async () => {
    const board = await readBoard(examplePlatform({ nowMs }), nowMs);
    expect(board.slos.map(({ name, state }) => [name, state])).toEqual([
      ['storefront-latency', 5],
      ['fulfillment-success', 1],
      ['storefront-availability', 0],
      ['checkout-freshness', 0],
    ]);
    expect(board.slos[0]).toMatchObject({ budgetLeft: 0.31, exhaustionSeconds: 4.2 * 86_400 });
    expect(board.slos[1]?.exhaustionSeconds).toBeNull();
    expect(board.services[0]).toMatchObject({ name: 'storefront', state: 5, anomalies: 0 });
    expect(board.services.find(({ name }) => name === 'identity')).toMatchObject({
      state: null,
      anomalies: 1,
    });
    // The address is where the detector is, not what the series is about.
    expect(board.anomalies).toMatchObject([{ rule: 'service_latency', service: 'identity', labels: {} }]);
    expect(board.anomalies[0]?.upper.at(-1)).toBeGreaterThan(0.2);
    expect(board.calls.find(({ client, server }) => client === 'checkout' && server === 'payments')).toEqual({
      client: 'checkout',
      server: 'payments',
      rate: 6,
      failedShare: expect.closeTo(0.05),
    });
    expect(board).toMatchObject({
      targets: { all: 6, down: ['loki on 127.0.0.1:3100'] },
      grafana: true,
      missing: [],
    });
  });

  it('is empty, and nothing is missing, on a platform where nothing is yet', async () => {
    const empty: BoardReader = {
      query: async () => [],
      queryRange: async () => ({ series: [], warnings: [] }),
    };
    expect(await readBoard(empty, nowMs)).toMatchObject({
      slos: [],
      services: [],
      anomalies: [],
      missing: [],
    });
  });

  it('says what Prometheus did not answer, and shows the rest', async () => {
    const platform = examplePlatform({ nowMs });
    const board = await readBoard(
      {
        ...platform,
        query: (query) => (query === 'up' ? Promise.reject(new Error('too slow')) : platform.query(query)),
      },
      nowMs,
    );
    expect(board.missing).toEqual(['Prometheus did not answer about targets. too slow']);
    expect(board.slos).toHaveLength(4);
  });

  it('ends now, however far apart its points are: what began a minute ago is seen', async () => {
    const ends: number[] = [];
    const platform = examplePlatform({ nowMs });
    const oddMs = nowMs + 111_000;
    await readBoard(
      {
        ...platform,
        queryRange(range) {
          ends.push(range.endSeconds);
          return platform.queryRange(range);
        },
      },
      oddMs,
    );
    expect(Math.min(...ends)).toBeGreaterThan(oddMs / 1000 - 15);
  });

  it('says once that Prometheus is gone', async () => {
    const refuse = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const { missing } = await readBoard({ query: refuse, queryRange: refuse }, nowMs);
    expect(missing).toEqual([
      'Prometheus does not answer: no SLO, service or anomaly can be seen. connect ECONNREFUSED',
    ]);
  });

  it('asks in PromQL, as often however many services there are', async () => {
    const count = async (moreServices: string[]) => {
      const platform = examplePlatform({ nowMs, moreServices });
      const asked: string[] = [];
      await readBoard(
        {
          query(query) {
            asked.push(query);
            return platform.query(query);
          },
          queryRange(range) {
            asked.push(range.query);
            return platform.queryRange(range);
          },
        },
        nowMs,
      );
      expect(asked.map(promqlProblem)).toEqual(asked.map(() => undefined));
      return asked.length;
    };
    expect(await count([HOSTILE_TEXT])).toBe(
      await count(Array.from({ length: 200 }, (_, at) => `service-${at}`)),
    );
  });
});
