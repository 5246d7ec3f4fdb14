import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ClosedSessions } from '../../store/closed-sessions.ts';
import { openDatabase } from '../../store/database.ts';
import { createSessions, SESSION_COOKIE, SESSION_MS } from './session-cookie.ts';

const token = 'an-operator-token-for-tests';
const dataDir = mkdtempSync(join(tmpdir(), 'sessions-'));
const database = openDatabase(dataDir);
const started = (operatorToken = token) => createSessions(operatorToken, new ClosedSessions({ database }));
const sessions = started();
afterAll(() => {
  database.close();
  rmSync(dataDir, { recursive: true });
});
const header = (value: string) => `other=1; ${SESSION_COOKIE}=${value}`;

describe('session', () => {
  it('is read back for twelve hours, also by a process that started later', () => {
    const cookie = header(sessions.open('Ada', 1000));
    expect(started().read(cookie, 1000 + SESSION_MS - 1)).toMatchObject({ name: 'Ada' });
    expect(sessions.read(cookie, 1000 + SESSION_MS)).toBeUndefined();
  });

  it('cannot be forged, changed or carried over to another token', () => {
    const value = sessions.open('Ada', 1000);
    const [body, signature] = value.split('.') as [string, string];
    const forged = Buffer.from(JSON.stringify(['Eve', 9e15, 'x'])).toString('base64url');
    for (const wrong of [`${forged}.${signature}`, body, `${body}.`, `${body}.${signature}x`, '', '.', 'é.é'])
      expect(sessions.read(header(wrong), 1000), wrong).toBeUndefined();
    expect(started('another-operator-token').read(header(value), 1000)).toBeUndefined();
    expect(sessions.read(undefined, 1000)).toBeUndefined();
  });

  it('has forms of its own', () => {
    const [one, other] = [1, 2].map(() => sessions.read(header(sessions.open('Ada', 1000)), 1000)!);
    expect(sessions.ownsForm(one!, one!.csrfToken)).toBe(true);
    expect(sessions.ownsForm(one!, other!.csrfToken)).toBe(false);
    expect(sessions.ownsForm(one!, '')).toBe(false);
  });

  it('is over once closed, also for a process that started later', () => {
    const [cookie, another] = ['Ada', 'Ben'].map((name) => header(sessions.open(name, 1000)));
    sessions.close(cookie, 2000);
    for (const each of [sessions, started()]) {
      expect(each.read(cookie, 2000)).toBeUndefined();
      expect(each.read(another, 2000)).toMatchObject({ name: 'Ben' });
    }
  });

  it('is forgotten as closed only when it would have ended anyway', () => {
    const closed = new ClosedSessions({ database });
    closed.add('one', 5000, 4000);
    closed.add('two', 9000, 4999);
    expect(closed.has('one')).toBe(true);
    closed.add('three', 9000, 5000);
    expect([closed.has('one'), closed.has('two')]).toEqual([false, true]);
  });
});
