import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAlertmanagerPayload } from '../intake/alertmanager-payload.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { inTransaction, openDatabase } from './database.ts';
import { NotificationStore } from './notification-store.ts';

const HOUR_MS = 3_600_000;
let dataDir: string;
let database: DatabaseSync;
let store: NotificationStore;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'notification-store-'));
  database = openDatabase(dataDir);
  store = new NotificationStore({ database, retentionMs: 24 * HOUR_MS, maxNotifications: 150 });
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function add(alert: Parameters<typeof alertPayload>[0], atMs: number, overrides = {}) {
  return store.add(parseAlertmanagerPayload(webhookPayload([alertPayload(alert)], overrides)), atMs);
}

const ids = (query: Partial<Parameters<NotificationStore['list']>[0]> = {}) =>
  store.list({ limit: 1000, ...query }).map(({ id }) => id);

describe('notification store', () => {
  it('takes an alert that fires again after it resolved for news, even with the same start', () => {
    const outcomes = (['firing', 'firing', 'resolved', 'firing'] as const).map(
      // Annotations hold numbers that change with each evaluation.
      (status, index) => add({ status, annotations: { summary: `${index} errors` } }, index).outcome,
    );
    expect(outcomes).toEqual(['stored', 'duplicate', 'stored', 'stored']);
  });

  it('takes a message that would end what fires again, word for word as before, for a replay; what fires again is news', () => {
    const outcomes = (['firing', 'resolved', 'firing', 'resolved'] as const).map(
      (status, index) => add({ status }, index).outcome,
    );
    expect(outcomes).toEqual(['stored', 'stored', 'stored', 'replayed']);
    expect(ids()).toEqual([3, 2, 1]);
  });

  it('takes no replay for a group that is again as it was, after another of its alerts came and went', () => {
    const [a, b] = [alertPayload({ fingerprint: 'a' }), alertPayload({ fingerprint: 'b' })];
    const ended = alertPayload({ fingerprint: 'b', status: 'resolved' });
    const outcomes = [[a], [a, b], [a, ended], [a]].map(
      (alerts, index) => store.add(parseAlertmanagerPayload(webhookPayload(alerts)), index).outcome,
    );
    expect(outcomes).toEqual(['stored', 'stored', 'stored', 'stored']);
  });

  it('compares with the same group and receiver only', () => {
    expect(add({}, 0).outcome).toBe('stored');
    expect(add({}, 0, { receiver: 'ticket' }).outcome).toBe('stored');
    expect(add({}, 0, { groupKey: 'another' }).outcome).toBe('stored');
  });

  it('filters by the name and status of one and the same alert', () => {
    const both = [
      alertPayload({ alertname: 'A', status: 'resolved', fingerprint: 'a' }),
      alertPayload({ alertname: 'B', fingerprint: 'b' }),
    ];
    store.add(parseAlertmanagerPayload(webhookPayload(both)), 0);
    expect(ids({ alertname: 'A', status: 'resolved' })).toEqual([1]);
    expect(ids({ alertname: 'B', status: 'resolved' })).toEqual([]);
    expect(ids({ alertname: "A' OR 1=1 --" })).toEqual([]);
  });

  it('lists newest first, in pages that miss and repeat nothing', () => {
    for (let index = 0; index < 5; index += 1) add({ fingerprint: `${index}` }, index);
    expect(ids({ limit: 2 })).toEqual([5, 4]);
    expect(ids({ limit: 2, before: 4 })).toEqual([3, 2]);
    expect(ids({ sinceMs: 3 })).toEqual([5, 4]);
  });

  it('drops what is older than the retention, but not what is still repeated', () => {
    add({}, 0, { groupKey: 'old' });
    add({}, 0, { groupKey: 'repeated' });
    add({}, 20 * HOUR_MS, { groupKey: 'repeated' });
    store.prune(25 * HOUR_MS);
    expect(ids()).toEqual([2]);
    expect(database.prepare('SELECT count(*) AS count FROM notified_alerts').get()?.count).toBe(1);
  });

  it('stays bounded while notifications pour in', () => {
    inTransaction(database, () => {
      for (let index = 0; index < 400; index += 1) add({ fingerprint: index.toString(16) }, index);
    });
    expect(ids()).toHaveLength(150);
    expect(ids()[0]).toBe(400);
  });
});

describe('database', () => {
  it('keeps its content when it is opened again', () => {
    add({}, 7);
    database.close();
    database = openDatabase(dataDir);
    store = new NotificationStore({ database, retentionMs: HOUR_MS });
    expect(store.list({ limit: 1 })).toMatchObject([{ id: 1, receivedAtMs: 7, receiver: 'page' }]);
  });

  it('refuses a database that a newer version wrote', () => {
    database.exec('PRAGMA user_version = 99');
    expect(() => openDatabase(dataDir)).toThrow(/expected form \d+ at most, got 99/);
  });
});
