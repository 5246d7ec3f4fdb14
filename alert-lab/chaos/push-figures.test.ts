import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { chaosReport } from './chaos-report.ts';
import { pushFigures } from './push-figures.ts';
import { type Figure, reportFigures } from './report-figures.ts';
import { scoreExperiment } from './score.ts';
import { fault, record } from './testing/made-records.ts';

const faults = new Map([['down', fault('down')]]);
const experiment = scoreExperiment(record(), faults);
const undetected = {
  ...experiment,
  faults: experiment.faults.map((each) => ({ ...each, detectedSeconds: null, notifiedSeconds: null })),
};
const figuresOf = (...experiments: (typeof experiment)[]) =>
  reportFigures({ seed: 7, only: [], ...chaosReport(experiments, faults) });
const figureOf = (figures: readonly Figure[], metric: string, labels: Record<string, string>) =>
  figures.find(
    (each) =>
      each.metric === metric && Object.entries(labels).every(([name, value]) => each.labels[name] === value),
  )?.value;

it('a report is a gauge for each figure, by goal and by fault', () => {
  const figures = figuresOf(experiment, undetected);
  expect(figures.every(({ labels }) => labels.programme === 'seed 7')).toBe(true);
  expect(figureOf(figures, 'chaos_goal_share_ratio', { goal: 'detected', figure: 'got' })).toBe(0.5);
  expect(figureOf(figures, 'chaos_goal_share_ratio', { goal: 'detected', figure: 'goal' })).toBe(0.98);
  expect(figureOf(figures, 'chaos_goal_met', { goal: 'detected' })).toBe(0);
  const notified = { goal: 'median time to the first notification' };
  expect(figureOf(figures, 'chaos_goal_time_seconds', { ...notified, figure: 'got' })).toBe(40);
  expect(figureOf(figures, 'chaos_goal_events', { ...notified, what: 'never' })).toBe(1);
  expect(figureOf(figures, 'chaos_fault_count', { fault: 'down', what: 'detected' })).toBe(1);
});

it('what was not played has no figure but its goal, and is neither met nor missed', () => {
  const figures = figuresOf(experiment);
  const killed = { goal: 'instance killed: noticed, median' };
  expect(figureOf(figures, 'chaos_goal_time_seconds', { ...killed, figure: 'goal' })).toBe(15);
  expect(figureOf(figures, 'chaos_goal_time_seconds', { ...killed, figure: 'got' })).toBeUndefined();
  expect(figureOf(figures, 'chaos_goal_met', killed)).toBeUndefined();
});

it('no two figures are of one series, and a goal is the same one in every report', () => {
  const seriesOf = (figures: readonly Figure[]) =>
    figures.map(({ metric, labels }) => JSON.stringify([metric, labels]));
  const series = seriesOf(figuresOf(experiment, undetected));
  expect(new Set(series).size).toBe(series.length);
  expect(series).toEqual(expect.arrayContaining(seriesOf(figuresOf(experiment))));
});

/** An intake that answers this. */
async function intake(status: number, answer: object) {
  const requests: { url: string | undefined; key: unknown; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ url: request.url, key: request.headers['x-aiops-otlp-key'], body: await json(request) });
    response.writeHead(status).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const push = () =>
    pushFigures([{ metric: 'chaos_goal_met', labels: { goal: 'detected' }, value: 1 }], {
      url,
      key: 'k',
      signal: new AbortController().signal,
    });
  return { requests, push };
}

it('it is sent as the demo’s, with the key', async () => {
  const { requests, push } = await intake(200, {});
  await push();
  expect(requests).toMatchObject([
    {
      url: '/v1/metrics',
      key: 'k',
      body: {
        resourceMetrics: [
          {
            resource: {
              attributes: [
                { key: 'service.name', value: { stringValue: 'chaos' } },
                { key: 'service.namespace', value: { stringValue: 'demo' } },
              ],
            },
            scopeMetrics: [
              {
                metrics: [
                  {
                    name: 'chaos_goal_met',
                    gauge: {
                      dataPoints: [
                        {
                          attributes: [{ key: 'goal', value: { stringValue: 'detected' } }],
                          timeUnixNano: expect.stringMatching(/^\d{19}$/),
                          asDouble: 1,
                        },
                      ],
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ]);
});

it.each([
  [503, {}, /\/v1\/metrics: HTTP 503/],
  [200, { partialSuccess: { rejectedDataPoints: '1', errorMessage: 'full' } }, /: 1 figures refused, full/],
])('an intake that answers %i %j is told of', async (status, answer, message) => {
  const { push } = await intake(status, answer);
  await expect(push()).rejects.toThrow(message);
});
