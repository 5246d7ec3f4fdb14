import { describe, expect, it } from 'vitest';
import { scriptedBackend } from '../testing/scripted-backend.ts';
import { createPrometheusClient } from './prometheus-client.ts';
import { sampleValue } from './samples.ts';

const RANGE = { query: 'up', startSeconds: 0, endSeconds: 60, stepSeconds: 60 };
const SPAN = { startSeconds: 0, endSeconds: 60 };

const answering = (data: unknown, rest: object = {}) =>
  scriptedBackend((_request, response) => {
    response.end(JSON.stringify({ status: 'success', data, ...rest }));
  });
const clientOf = ({ url }: { url: string }) => createPrometheusClient({ url, timeoutMs: 1500 });

describe('a range query', () => {
  it('answers series with their labels and samples as they are written', async () => {
    await using prometheus = await answering({
      resultType: 'matrix',
      result: [
        {
          metric: { job: 'a' },
          values: [
            [0, '0'],
            [60, '+Inf'],
          ],
        },
      ],
    });
    expect(await clientOf(prometheus).queryRange(RANGE)).toEqual({
      series: [
        {
          labels: { job: 'a' },
          samples: [
            [0, '0'],
            [60, '+Inf'],
          ],
        },
      ],
      warnings: [],
    });
    const [{ method, url, body } = {}] = prometheus.requests;
    expect([method, url]).toEqual(['POST', '/api/v1/query_range']);
    // Prometheus gives up when nobody waits any more.
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      query: 'up',
      start: '0',
      end: '60',
      step: '60',
      timeout: '2s',
    });
  });

  it('hands on the warnings of an answer that may be incomplete', async () => {
    await using prometheus = await answering(
      { resultType: 'matrix', result: [] },
      { warnings: ['store 2 unavailable'] },
    );
    expect((await clientOf(prometheus).queryRange(RANGE)).warnings).toEqual(['store 2 unavailable']);
  });

  it.each([
    ['no data', undefined, 'data: '],
    ['a vector', { resultType: 'vector', result: [] }, 'data.resultType: '],
    [
      'a sample that is none',
      { resultType: 'matrix', result: [{ metric: {}, values: [[1, 2]] }] },
      'data.result.0.values: expected a list of [seconds, "value"]',
    ],
  ])('says where the answer is another than Prometheus gives: %s', async (_what, data, where) => {
    await using prometheus = await answering(data);
    await expect(clientOf(prometheus).queryRange(RANGE)).rejects.toMatchObject({
      kind: 'bad_answer',
      message: expect.stringContaining(
        `${prometheus.url}/api/v1/query_range: not an answer of its API: ${where}`,
      ),
    });
  });
});

describe('an instant query', () => {
  it('answers numbers, infinities among them, as of a moment', async () => {
    await using prometheus = await answering({
      resultType: 'vector',
      result: [
        { metric: { job: 'a' }, value: [60, '1.5'] },
        { metric: {}, value: [60, '-Inf'] },
      ],
    });
    expect(await clientOf(prometheus).query('up', undefined, 60)).toEqual([
      { labels: { job: 'a' }, value: 1.5 },
      { labels: {}, value: Number.NEGATIVE_INFINITY },
    ]);
    expect(new URLSearchParams(prometheus.requests[0]?.body).get('time')).toBe('60');
  });

  it('does not lose the numbers to a native histogram beside them', async () => {
    await using prometheus = await answering({
      resultType: 'vector',
      result: [
        { metric: { le: 'native' }, histogram: [60, { count: '1', sum: '1' }] },
        { metric: {}, value: [60, '2'] },
      ],
    });
    expect(await clientOf(prometheus).query('up')).toEqual([{ labels: {}, value: 2 }]);
  });
});

describe('what Prometheus has', () => {
  it('is asked within a span', async () => {
    await using prometheus = await answering([]);
    const client = clientOf(prometheus);
    await client.labelValues('job', SPAN, 'up');
    await client.series('up', SPAN, 10);
    await client.exemplars('x_bucket', SPAN);
    expect(prometheus.requests.map(({ url, body }) => decodeURIComponent(`${url} ${body}`))).toEqual([
      '/api/v1/label/job/values?match[]=up&start=0&end=60 ',
      '/api/v1/series match[]=up&start=0&end=60&limit=10',
      '/api/v1/query_exemplars query=x_bucket&start=0&end=60',
    ]);
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
