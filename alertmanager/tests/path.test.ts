import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../path/configuration.ts';
import { drill, drillLabels } from '../path/drill.ts';
import { explain } from '../path/explain.ts';
import { liveAlertmanager } from '../path/live-alertmanager.ts';
import { parseMatchers } from '../path/matchers.ts';
import { destinationsOf } from '../path/routes.ts';
import { CONFIG_FILE, receiverOf } from '../testing/amtool.ts';
import { type RecordingEndpoint, startRecordingEndpoint } from '../testing/recording-endpoint.ts';
import { type RunningAlertmanager, startAlertmanager } from '../testing/running-alertmanager.ts';
import cases from './routes.json' with { type: 'json' };

const configuration = readConfiguration(readFileSync(CONFIG_FILE, 'utf8'));
const receivers = (labels: Record<string, string>) =>
  destinationsOf(labels, configuration.route)
    .map(({ receiver }) => receiver)
    .join(',');
const amtool = process.env.AMTOOL ?? '';
const binary = process.env.ALERTMANAGER ?? '';
const ticket = { alertname: 'ErrorBudgetSlowBurn', severity: 'ticket', service: 'identity', slo: 'latency' };

it.each(cases)('$case goes to $receiver', ({ labels, receiver }) => {
  expect(receivers(labels)).toBe(receiver);
});

it.skipIf(amtool === '')(
  'routes every alert as amtool does',
  () => {
    for (const alertname of ['Watchdog', 'Anomaly', 'ErrorBudgetBurn'])
      for (const severity of ['page', 'ticket', 'info', 'critical', 'none'])
        expect(receivers({ alertname, severity })).toBe(receiverOf(amtool, { alertname, severity }));
  },
  60_000,
);

it('matchers are read as Alertmanager writes them, and several in one text', () => {
  expect(parseMatchers('{severity="page",service!="", name=~"a|\\"b"}')).toEqual([
    { name: 'severity', operator: '=', value: 'page' },
    { name: 'service', operator: '!=', value: '' },
    { name: 'name', operator: '=~', value: 'a|"b' },
  ]);
  expect(() => parseMatchers('severity')).toThrow('expected a matcher');
});

it('explains route, group and waits, and what would hold an alert back', () => {
  const lines = explain(ticket, configuration, undefined).join('\n');
  expect(lines).toMatch(/^receiver +ticket: webhook$/m);
  expect(lines).toMatch(/^group +service="identity", slo="latency"$/m);
  expect(lines).toMatch(/^waits +2m before/m);
  expect(lines).toMatch(
    /held back +while an alert with severity="page".*service="identity", slo="latency" fires/,
  );
  // An alert of no SLO is held back by no page.
  expect(explain({ ...ticket, slo: 'none' }, configuration, undefined).join('\n')).toContain('by nothing');
});

it('says what holds it back now, and what silences it', () => {
  const page = { ...ticket, alertname: 'ErrorBudgetBurn', severity: 'page' };
  const silence = {
    id: '7',
    comment: 'maintenance',
    createdBy: 'ada',
    endsAt: '2026-03-01T10:00:00Z',
    status: { state: 'active' },
    matchers: [{ name: 'service', value: 'ident.*', isRegex: true, isEqual: true }],
  };
  const lines = explain(ticket, configuration, { firing: [page], silences: [silence] }).join('\n');
  expect(lines).toContain('(NOW: ErrorBudgetBurn)');
  expect(lines).toContain('SILENCED    until 2026-03-01T10:00:00Z by ada: maintenance');
});

it.each(['page', 'ticket', 'info'])('a drill for %s is an alert that goes there', (receiver) => {
  const labels = drillLabels(receiver, configuration, 'a1');
  expect(labels).toMatchObject({ alertname: 'Drill', drill: 'true' });
  expect(receivers(labels)).toBe(receiver);
});

it('there is no drill for the Watchdog, nor for a receiver that is not there', () => {
  expect(() => drillLabels('watchdog', configuration, 'a1')).toThrow('none can be made up');
  expect(() => drillLabels('boss', configuration, 'a1')).toThrow('expected one of page, ticket');
});

describe.skipIf(binary === '')(
  `a drill (${binary || 'skipped: ALERTMANAGER does not name a binary'})`,
  () => {
    let webhook: RecordingEndpoint;
    let running: RunningAlertmanager;
    beforeAll(async () => {
      webhook = await startRecordingEndpoint();
      running = await startAlertmanager({ binary, webhookUrl: webhook.url, webhookToken: 'unused' });
    }, 20_000);
    afterAll(async () => {
      await running?.stop();
      await webhook?.close();
    });

    it('arrives by the real Alertmanager, marked, and ends', async () => {
      const alertmanager = liveAlertmanager({ url: running.url, timeoutMs: 5000 });
      const lines: string[] = [];
      await drill({
        receiver: 'page',
        configuration: readConfiguration(await alertmanager.configuration()),
        alertmanager,
        arrivedAtResponder: async () => undefined,
        timeoutMs: 30_000,
        out: (line) => lines.push(line),
      });
      expect(lines).toEqual([
        expect.stringMatching(/^sent/),
        expect.stringMatching(/^arrived .* by webhook/),
      ]);
      expect(webhook.bodies[0]).toContain('DRILL of receiver page');
      expect(await alertmanager.firing()).toEqual([]);
    }, 40_000);
  },
);
