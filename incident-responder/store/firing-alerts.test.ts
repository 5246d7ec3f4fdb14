import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAlertmanagerPayload } from '../intake/alertmanager-payload.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { openDatabase } from './database.ts';
import { FiringAlerts } from './firing-alerts.ts';

const HOUR_MS = 3_600_000;
let dataDir: string;
let database: DatabaseSync;
let firing: FiringAlerts;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'firing-alerts-'));
  database = openDatabase(dataDir);
  firing = new FiringAlerts({ database });
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function update(alerts: Parameters<typeof alertPayload>[0][], atMs = 0, overrides = {}) {
  const payload = webhookPayload(
    alerts.map((alert) => alertPayload(alert)),
    overrides,
  );
  firing.update(parseAlertmanagerPayload(payload), atMs);
}

const fingerprints = (nowMs = 0) => firing.list(nowMs).map(({ fingerprint }) => fingerprint);

describe('firing alerts', () => {
  it('are those a group has, without the resolved', () => {
    update([{ fingerprint: 'a' }, { fingerprint: 'b' }]);
    update([{ fingerprint: 'a', status: 'resolved' }, { fingerprint: 'b' }]);
    expect(fingerprints()).toEqual(['b']);
  });

  it('lose what their group leaves out, but not what was cut off', () => {
    update([{ fingerprint: 'a' }, { fingerprint: 'b' }]);
    update([{ fingerprint: 'a' }], 0, { truncatedAlerts: 1 });
    expect(fingerprints().sort()).toEqual(['a', 'b']);
    update([{ fingerprint: 'a' }]);
    expect(fingerprints()).toEqual(['a']);
  });

  it('of one group say nothing about another', () => {
    update([{ fingerprint: 'a' }], 0, { groupKey: 'one' });
    update([{ fingerprint: 'b' }], 0, { groupKey: 'two' });
    expect(fingerprints().sort()).toEqual(['a', 'b']);
  });

  it('are forgotten when Alertmanager stops repeating them', () => {
    update([{ fingerprint: 'a' }]);
    expect(fingerprints(25 * HOUR_MS)).toEqual(['a']);
    expect(fingerprints(27 * HOUR_MS)).toEqual([]);
  });
});
