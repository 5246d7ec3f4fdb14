import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../audit/audit-log.ts';
import { IncidentStore } from '../incidents/incident-store.ts';
import { ActionRunStore } from '../remediation/action-run-store.ts';
import { openDatabase } from './database.ts';
import { NotificationStore } from './notification-store.ts';

describe.each([6, 7])('of form %i', (form) => {
  let dataDir: string;
  let database: DatabaseSync;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'earlier-form-'));
    const written = new DatabaseSync(join(dataDir, 'incident-responder.sqlite'));
    written.exec(
      readFileSync(join(import.meta.dirname, '..', 'testing', `database-form-${form}.sql`), 'utf8'),
    );
    written.close();
    database = openDatabase(dataDir);
  });
  afterEach(() => {
    database.close();
    rmSync(dataDir, { recursive: true });
  });

  it('incidents that version 0.1.0 wrote are there, with alerts, timeline and who looks after them', () => {
    const incidents = new IncidentStore({ database });
    const [incident] = incidents.unresolved();
    expect(incident).toMatchObject({
      id: 1,
      title: 'ErrorBudgetBurn: storefront',
      severity: 'SEV2',
      alertCount: 2,
      firingCount: 1,
      acknowledgedBy: 'operator',
    });
    expect(incidents.alerts(1).map(({ labels }) => labels.alertname)).toEqual(['ErrorBudgetBurn', 'Anomaly']);
    expect(incidents.timeline(1)).toHaveLength(5);
  });

  it('so are notifications, the action that waited, and an audit log whose chain holds and goes on', () => {
    expect(
      new NotificationStore({ database, retentionMs: Number.MAX_SAFE_INTEGER }).list({ limit: 10 }),
    ).toHaveLength(2);
    expect(new ActionRunStore({ database }).list({ limit: 10 })).toHaveLength(1);
    const log = new AuditLog({ database });
    expect(log.verify()).toMatchObject({ intact: true, entries: 3 });
    log.append({
      atMs: 1,
      actor: 'ann',
      event: 'action.approved',
      incidentId: 1,
      actionRunId: 1,
      detail: {},
    });
    expect(log.verify()).toMatchObject({ intact: true, entries: 4 });
  });
});
