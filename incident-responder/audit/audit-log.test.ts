import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { AuditLog } from './audit-log.ts';

let dataDir: string;
let database: DatabaseSync;
let log: AuditLog;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'audit-'));
  database = openDatabase(dataDir);
  log = new AuditLog({ database });
  for (const event of ['action.executing', 'action.verifying', 'action.succeeded'])
    log.append({
      atMs: 1,
      actor: 'responder',
      event,
      incidentId: 1,
      actionRunId: 1,
      detail: { b: 'x', a: 1 },
    });
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true });
});

/** Around the database's own refusal, as somebody with the file could. */
const tamper = (sql: string) =>
  database.exec(`DROP TRIGGER audit_log_is_not_changed; DROP TRIGGER audit_log_is_not_deleted; ${sql}`);

it('the chain of what was appended holds, after a restart too', () => {
  expect(log.verify()).toMatchObject({ intact: true, entries: 3, head: log.list({ limit: 1 })[0]!.hash });
  database.close();
  database = openDatabase(dataDir);
  log = new AuditLog({ database });
  log.append({
    atMs: 2,
    actor: 'ann',
    event: 'action.approved',
    incidentId: null,
    actionRunId: null,
    detail: {},
  });
  expect(log.verify()).toMatchObject({ intact: true, entries: 4 });
});

it('the database refuses to change or delete an entry', () => {
  expect(() => database.exec("UPDATE audit_log SET actor = 'nobody'")).toThrow('append-only');
  expect(() => database.exec('DELETE FROM audit_log')).toThrow('append-only');
});

it.each([
  ['changed', `UPDATE audit_log SET actor = 'nobody' WHERE sequence = 2`, 2],
  ['changed in its detail', `UPDATE audit_log SET detail = '{"b":"y","a":1}' WHERE sequence = 1`, 1],
  ['removed', 'DELETE FROM audit_log WHERE sequence = 2', 2],
  ['removed at the beginning', 'DELETE FROM audit_log WHERE sequence = 1', 1],
])('an entry that was %s breaks the chain there', (_case, sql, sequence) => {
  tamper(sql);
  expect(log.verify()).toMatchObject({ intact: false, sequence });
});

it('an end that was cut off shows against a head noted elsewhere', () => {
  const head = log.list({ limit: 1 })[0]!.hash;
  expect(log.verify(head)).toMatchObject({ intact: true });
  tamper('DELETE FROM audit_log WHERE sequence = 3');
  expect(log.verify()).toMatchObject({ intact: true, entries: 2 });
  expect(log.verify(head)).toMatchObject({ intact: false, problem: expect.stringContaining('cut off') });
});
