import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { createPrometheusClient } from './prometheus-client.ts';
import { sampleValue } from './range-answer.ts';

const RANGE = { query: 'up', startSeconds: 0, endSeconds: 60, stepSeconds: 60 };

describe('a range query', () => {
  let prometheus: FakePrometheus;
  const query = () => createPrometheusClient({ url: prometheus.url, timeoutMs: 200 }).queryRange(RANGE);
  beforeEach(async () => {
    prometheus = await startFakePrometheus([{ labels: { job: 'a' }, valueAt: (at) => at }]);
  });
  afterEach(() => prometheus.close());

  it('answers series with their labels and samples', async () => {
    expect(await query()).toEqual({
      series: [
        {
          labels: { job: 'a' },
          samples: [
            [0, '0'],
            [60, '60'],
          ],
        },
      ],
      warnings: [],
    });
  });

  it('hands on the warnings of an answer that may be incomplete', async () => {
    prometheus.warnings = ['store 2 unavailable'];
    expect((await query()).warnings).toEqual(['store 2 unavailable']);
  });

  const answer = (status: number, body: string) => () => {
    prometheus.fault = (response) => {
      response.statusCode = status;
      response.end(body);
    };
  };
  it.each([
    [
      'rejected',
      'bad_data: parse error',
      answer(400, '{"status":"error","errorType":"bad_data","error":"parse error"}'),
    ],
    ['server_error', 'HTTP 503', answer(503, 'starting')],
    ['server_error', 'HTTP 429', answer(429, '')],
    ['bad_answer', 'not an answer', answer(200, '<html>')],
    ['bad_answer', 'data', answer(200, '{"status":"success"}')],
    [
      'bad_answer',
      'data.result.0.values',
      answer(
        200,
        '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,2]]}]}}',
      ),
    ],
    [
      'timeout',
      '200 ms',
      () => {
        prometheus.fault = () => {};
      },
    ],
    [
      'unreachable',
      '',
      () => {
        prometheus.fault = (response) => response.destroy();
      },
    ],
  ])('fails as %s: %s', async (kind, message, breakIt) => {
    breakIt();
    await expect(query()).rejects.toMatchObject({
      name: 'QueryError',
      kind,
      message: expect.stringContaining(message),
    });
  });

  it('fails as unreachable when nobody listens', async () => {
    await prometheus.close();
    await expect(query()).rejects.toMatchObject({ kind: 'unreachable' });
  });
});

describe('a sample', () => {
  it.each([
    ['1.5', 1.5],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
  ])('written as %s reads as %d', (text, value) => {
    expect(sampleValue(text)).toBe(value);
  });
});
