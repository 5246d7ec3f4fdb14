import { expect, test } from 'vitest';
import { readAnomalies } from './anomaly-status.ts';
import { renderStatus } from './render-status.ts';
import { readServices } from './service-status.ts';
import { readSlos } from './slo-status.ts';
import type { StatusReport } from './status-report.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const calm: StatusReport = {
  engine: 'compose',
  ready: true,
  components: undefined,
  composeServices: ['prometheus'],
  cluster: undefined,
  services: [],
  slos: [],
  alerts: [],
  anomalies: [],
  incidents: [],
  history: undefined,
};
const render = (report: Partial<StatusReport>) =>
  renderStatus({ ...calm, ...report }, nowMs, 'http://127.0.0.1:8091');

test('a calm platform is said to be calm', () => {
  expect(render({})).toBe(
    'Compose services: prometheus\n\nNo service sends spans yet. docs/telemetry.md says where to.\n\nNo incident is open.\n\nNo alert fires.\n\nNo anomaly lasts.',
  );
});

test('processes without a supervisor are said to be unwatched, with what to do', () => {
  const component = {
    name: 'loki',
    state: 'unwatched' as const,
    ready: true,
    pid: 7,
    crashes: 0,
    readyUrl: '',
    residentBytes: 1e6,
    proportionalBytes: undefined,
  };
  const text = render({ components: [component, { ...component, name: 'tempo', ready: false }] });
  expect(text).toMatch(/^The supervisor is gone: 2 processes run unwatched\. npm start takes them over/);
  expect(text).toMatch(/loki +unwatched, ready +7/);
  expect(text).toMatch(/tempo +unwatched, not ready/);
});

test('memory is what processes take from the machine, where that can be known', () => {
  const component = { name: 'a', state: 'running' as const, ready: true, pid: 7, crashes: 0, readyUrl: '' };
  const a = { ...component, residentBytes: 100e6, proportionalBytes: 60e6 };
  const text = render({ components: [a, { ...a, name: 'b' }] });
  expect(text).toMatch(/a +ready +7 +60 MB/);
  expect(text).toContain(
    'Memory: 120 MB (200 MB resident, where what processes share counts for each of them).',
  );
  expect(render({ components: [{ ...a, proportionalBytes: undefined }] })).toContain(
    'Memory: 100 MB resident.',
  );
});

test('an SLO shows objective, budget, burn rate and when its budget is gone', async () => {
  const values: Record<string, number> = {
    'slo:objective:ratio': 0.999,
    'slo:period_error_budget_remaining:ratio': -0.25,
    'slo:current_burn_rate:ratio': 14.4,
    'slo:time_to_exhaustion:seconds': 7200,
  };
  const slos = await readSlos({
    query: async (query) => [{ labels: { slo: 'shop', service: 'storefront' }, value: values[query]! }],
  });
  expect(render({ slos })).toMatch(/shop +storefront +99\.90 % +-25\.0 % +14\.40 +in 2 h/);
  const at = (exhaustionSeconds: number | null | undefined) =>
    render({ slos: [{ ...slos[0]!, exhaustionSeconds }] });
  expect(at(0)).toContain('already');
  expect(at(null)).toContain('not at this rate');
  expect(at(undefined)).toContain('no data');
  expect(at(1e9)).toContain('not within a year');
});

test('a budget that lasts for ever is no number', async () => {
  const slos = await readSlos({
    query: async () => [{ labels: { slo: 'shop', service: 'storefront' }, value: Number.POSITIVE_INFINITY }],
  });
  expect(slos[0]!.exhaustionSeconds).toBeNull();
});

test('every service that sends spans is there, with what is asked of it and its SLOs', async () => {
  const by = (values: Record<string, number>) =>
    Object.entries(values).map(([service_name, value]) => ({ labels: { service_name }, value }));
  const services = await readServices({
    async query(query) {
      if (query.startsWith('slo:'))
        return [{ labels: { slo: 'cart-availability', service: 'cart' }, value: 0.99 }];
      if (query.includes('learning')) return [{ labels: { service: 'cart' }, value: 1800 }];
      if (query.startsWith('histogram_quantile')) return by({ cart: 0.25, idle: Number.NaN });
      return query.includes('STATUS_CODE_ERROR') ? by({ cart: 1 }) : by({ idle: 0, cart: 4 });
    },
  });
  expect(services).toEqual([
    {
      service: 'cart',
      requestsPerSecond: 4,
      failedShare: 0.25,
      p95Seconds: 0.25,
      learningSeconds: 1800,
      slos: ['cart-availability'],
    },
    {
      service: 'idle',
      requestsPerSecond: 0,
      failedShare: undefined,
      p95Seconds: undefined,
      learningSeconds: undefined,
      slos: [],
    },
  ]);
  const text = render({ services });
  expect(text).toMatch(/cart +4 +25\.0 % +250 ms +told in 30 min +cart-availability/);
  expect(text).toMatch(/idle +0 +no data +not watched yet +none/);
});

test('of very many services the first are shown, and that there are more', () => {
  const service = { requestsPerSecond: 1, failedShare: 0, p95Seconds: 0.1, learningSeconds: 0, slos: [] };
  const services = Array.from({ length: 25 }, (_, index) => ({ ...service, service: `s${index}` }));
  expect(render({ services })).toContain('and 5 more');
});

test('an incident shows its probable root and what waits for a person', () => {
  const incidents = [
    {
      id: 7,
      title: 'Latency of storefront',
      severity: 'SEV2',
      status: 'open',
      startedAt: '2026-03-01T11:55:00.000Z',
      alertCount: 3,
      firingCount: 2,
      root: { summary: 'A flag was switched on\u001b[31m', confidence: 0.91 },
      waitingActions: 1,
    },
  ];
  const text = render({ incidents });
  expect(text).toMatch(
    /#7 +SEV2 +open +5 min +2 of 3 +Latency of storefront +A flag was switched on␛\[31m \(91 %\) +1 to approve/,
  );
  expect(text).toContain('switched on␛[31m');
  expect(text).toContain('See and decide: http://127.0.0.1:8091');
});

test('an anomaly shows value and band of its own series', async () => {
  const labels = { rule: 'route_requests', service: 'storefront', route: '/api/products' };
  const numbers: Record<string, number> = { value: 2, expected: 20.123, lower: 15, upper: 25 };
  const anomalies = await readAnomalies({
    async query(query) {
      const name = query.split(' ')[0]!;
      const value = numbers[name.replace('anomaly_', '')] ?? 1;
      return [
        { labels: { ...labels, __name__: name }, value },
        ...(name === 'anomaly_active' ? [{ labels: { rule: 'gone', service: 'identity' }, value: 1 }] : []),
      ];
    },
  });
  const text = render({ anomalies });
  expect(text).toMatch(/route_requests +storefront +route \/api\/products +2 +20\.1 +15 and 25/);
  expect(text).toMatch(/gone +identity +vanished/);
});

test('what cannot be asked is said', () => {
  const text = render({
    services: undefined,
    slos: undefined,
    alerts: undefined,
    anomalies: undefined,
    incidents: undefined,
  });
  for (const part of ['Services', 'SLOs', 'Alerts', 'Anomalies'])
    expect(text).toContain(`${part}: Prometheus does not answer.`);
  expect(text).toContain('Incidents: the incident responder does not answer.');
});
