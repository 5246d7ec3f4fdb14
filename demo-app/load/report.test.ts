import { describe, expect, test } from 'vitest';
import { readPlan } from './plan.ts';
import { describeReport, type RunData, reportOf } from './report.ts';

const plan = readPlan({ LOAD_SECONDS: '10' });
const duration = (count: number, med: number, p95: number, max: number) => ({
  count,
  med,
  'p(95)': p95,
  max,
});
const run = (changes: RunData['metrics'] = {}): RunData => ({
  metrics: {
    http_reqs: { values: { count: 100 } },
    http_req_failed: { values: { rate: 0 }, thresholds: { 'rate<=0.001': { ok: true } } },
    http_req_duration: {
      values: duration(100, 12, 320.4, 800),
      thresholds: { 'p(95)<=500': { ok: true } },
    },
    'http_req_duration{scenario:fast}': { values: duration(80, 4.26, 30, 90) },
    'http_req_duration{scenario:slow}': { values: duration(20, 210, 640, 800) },
    'http_req_failed{scenario:fast}': { values: { rate: 0 } },
    'http_req_failed{scenario:slow}': { values: { rate: 0 } },
    checks: { values: { fails: 0 } },
    ...changes,
  },
});

describe('the report of a load', () => {
  test('has a line for each kind of request and the verdict on each objective', () => {
    expect(describeReport(reportOf(run(), plan))).toBe(`
Load on http://127.0.0.1:3000 for 10 s

       asked for   requests   server errors   median      p95   slowest
fast        8 /s         80          0.00 %   4.3 ms    30 ms     90 ms
slow        2 /s         20          0.00 %   210 ms   640 ms    800 ms
all        10 /s        100          0.00 %    12 ms   320 ms    800 ms

The SLOs of the storefront, held against this run alone:
availability   100.00 %   at least 99.9 %   held
latency, p95     320 ms    at most 500 ms   held
`);
  });

  test('says which objective was missed, and where to look', () => {
    const failed = { values: { rate: 0.02 }, thresholds: { 'rate<=0.001': { ok: false } } };
    const text = describeReport(reportOf(run({ http_req_failed: failed }), plan));
    expect(text).toMatch(/availability +98\.00 % .* MISSED/);
    expect(text).toMatch(/latency.* held/);
    expect(text).toContain('Next: npm run status');
  });

  test('tells of requests that were never sent or never taken', () => {
    const text = describeReport(
      reportOf(run({ checks: { values: { fails: 3 } }, dropped_iterations: { values: { count: 7 } } }), plan),
    );
    expect(text).toContain('7 requests were not sent');
    expect(text).toContain('3 requests were refused (4xx)');
  });

  test('of a run without a request says that nothing was held', () => {
    const report = reportOf({ metrics: {} }, plan);
    expect([report.availability.held, report.latency.held]).toEqual([false, false]);
  });
});
