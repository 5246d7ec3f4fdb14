import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseAlertmanagerPayload } from '../intake/alertmanager-payload.ts';
import { openDatabase } from '../store/database.ts';
import { FiringAlerts } from '../store/firing-alerts.ts';
import { webhookPayload } from '../testing/payloads.ts';
import { createReconciler, type ReconcilerOptions } from './reconciler.ts';

let server: Server;
let held: object[] = [];
let status = 200;
let nowMs = 0;
let dataDir: string;
let database: ReturnType<typeof openDatabase>;
let firingAlerts: FiringAlerts;
let filed: Parameters<ReconcilerOptions['file']>[0][number][];
let reconcile: () => Promise<void>;

beforeEach(async () => {
  held = [];
  status = 200;
  nowMs = 1_000_000_000_000;
  filed = [];
  server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(held));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  dataDir = mkdtempSync(join(tmpdir(), 'reconciler-'));
  database = openDatabase(dataDir);
  firingAlerts = new FiringAlerts({ database });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ({ reconcile } = createReconciler({
    alertmanager: createAlertmanagerClient({ url, timeoutMs: 2000 }),
    firingAlerts,
    firingInIncidents: () => [],
    file(changes, atMs) {
      filed.push(...changes);
      for (const { alert, receiver } of changes) firingAlerts.reconcile(alert, receiver, atMs);
    },
    log: pino({ level: 'silent' }),
    now: () => nowMs,
  }));
});
afterEach(async () => {
  database.close();
  rmSync(dataDir, { recursive: true });
  server.closeAllConnections();
  server.close();
});

const asHeld = (state: 'active' | 'suppressed', fingerprint = 'a1b2c3', alertname = 'ErrorBudgetBurn') => ({
  fingerprint,
  labels: { alertname, service: 'storefront' },
  annotations: {},
  startsAt: '2026-03-01T10:00:00Z',
  endsAt: '2026-03-01T10:04:00Z',
  updatedAt: '2026-03-01T10:00:00Z',
  receivers: [{ name: 'page' }],
  status: { state, silencedBy: [], inhibitedBy: [] },
});
const notify = () => firingAlerts.update(parseAlertmanagerPayload(webhookPayload()), nowMs);
const firing = () => firingAlerts.list(nowMs).map(({ fingerprint }) => fingerprint);

it('an alert that was silenced, and ended without a notification, ends here two minutes after Alertmanager dropped it', async () => {
  notify();
  held = [asHeld('suppressed')];
  await reconcile();
  expect(firing()).toEqual(['a1b2c3']);
  held = [];
  await reconcile();
  const droppedMs = nowMs;
  nowMs += 119_000;
  await reconcile();
  expect(firing()).toEqual(['a1b2c3']);
  nowMs += 1000;
  await reconcile();
  expect(firing()).toEqual([]);
  expect(filed).toMatchObject([{ alert: { status: 'resolved', endsAtMs: droppedMs } }]);
});

it('an Alertmanager that restarts and hears of the alert again within a minute ends nothing', async () => {
  notify();
  await reconcile();
  nowMs += 60_000;
  held = [asHeld('active')];
  await reconcile();
  held = [];
  nowMs += 100_000;
  await reconcile();
  expect(firing()).toEqual(['a1b2c3']);
});

it('an alert nobody was notified of is taken in, unless it is suppressed or the Watchdog', async () => {
  held = [asHeld('active', 'aa'), asHeld('suppressed', 'bb'), asHeld('active', 'cc', 'Watchdog')];
  await reconcile();
  expect(firing()).toEqual(['aa']);
  expect(filed).toMatchObject([{ receiver: 'page', alert: { status: 'firing', fingerprint: 'aa' } }]);
  await reconcile();
  expect(filed).toHaveLength(1);
});

it('what is notified later replaces what was found, and shows once', async () => {
  held = [asHeld('active')];
  await reconcile();
  notify();
  expect(firing()).toEqual(['a1b2c3']);
});

it('an alert without a name is left out, and stops the reconciliation of no other', async () => {
  const { alertname: _name, ...labels } = asHeld('active').labels;
  held = [{ ...asHeld('active', 'ff'), labels }, asHeld('active', 'aa')];
  await reconcile();
  expect(firing()).toEqual(['aa']);
});

it("Grafana's own alert, which Alertmanager never holds, fires until Grafana ends it", async () => {
  firingAlerts.update(parseAlertmanagerPayload(webhookPayload(undefined, { version: '1' })), nowMs);
  await reconcile();
  nowMs += 600_000;
  await reconcile();
  expect(firing()).toEqual(['a1b2c3']);
});

it('while Alertmanager does not answer, or not as it should, everything stays', async () => {
  notify();
  status = 503;
  await reconcile();
  nowMs += 600_000;
  await reconcile();
  status = 200;
  held = [{ wrong: true }];
  await reconcile();
  expect(firing()).toEqual(['a1b2c3']);
});
