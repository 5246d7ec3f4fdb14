import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { FiringAlerts } from '../store/firing-alerts.ts';
import { NotificationStore } from '../store/notification-store.ts';
import { webhookPayload } from '../testing/payloads.ts';
import { parseAlertmanagerPayload } from './alertmanager-payload.ts';
import { createIntake, type IntakeOptions } from './intake.ts';

let folder: string;
let database: ReturnType<typeof openDatabase>;
const logged: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'intake-'));
  database = openDatabase(folder);
  logged.length = 0;
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const accept = (options: Pick<IntakeOptions, 'desk' | 'onIncidents'>) =>
  createIntake({
    ...options,
    database,
    notifications: new NotificationStore({ database, retentionMs: 1e9 }),
    firingAlerts: new FiringAlerts({ database }),
    watchdog: { heard() {}, stop() {}, state: () => ({ lastHeardAtMs: null, ageSeconds: 0, silent: false }) },
    log: pino({}, { write: (line) => void logged.push(line) }),
  }).accept(parseAlertmanagerPayload(webhookPayload()), 0);
const stored = () => database.prepare('SELECT count(*) AS n FROM notifications').get()?.n;

it('what is stored is acknowledged although telling of it fails, and the log says so', async () => {
  const receipt = await accept({
    desk: { take: () => [7] },
    onIncidents() {
      throw new Error('nobody to tell');
    },
  });
  expect(receipt).toMatchObject({ outcome: 'stored' });
  expect(stored()).toBe(1);
  expect(logged.map((line) => JSON.parse(line))).toMatchObject([
    { level: 50, incidentIds: [7], err: { message: 'nobody to tell' } },
  ]);
});

it('what cannot be filed is neither stored nor acknowledged, and nobody is told', async () => {
  let told = false;
  const receipt = accept({
    desk: {
      take() {
        throw new Error('disk full');
      },
    },
    onIncidents() {
      told = true;
    },
  });
  await expect(receipt).rejects.toThrow('disk full');
  expect(stored()).toBe(0);
  expect(told).toBe(false);
});
