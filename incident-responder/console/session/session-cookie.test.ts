import { describe, expect, it } from 'vitest';
import { createSessions, SESSION_COOKIE, SESSION_MS } from './session-cookie.ts';

const token = 'an-operator-token-for-tests';
const sessions = createSessions(token);
const header = (value: string) => `other=1; ${SESSION_COOKIE}=${value}`;

describe('session', () => {
  it('is read back for twelve hours, also by a process that started later', () => {
    const cookie = header(sessions.open('Ada', 1000));
    expect(createSessions(token).read(cookie, 1000 + SESSION_MS - 1)).toMatchObject({ name: 'Ada' });
    expect(sessions.read(cookie, 1000 + SESSION_MS)).toBeUndefined();
  });

  it('cannot be forged, changed or carried over to another token', () => {
    const value = sessions.open('Ada', 1000);
    const [body, signature] = value.split('.') as [string, string];
    const forged = Buffer.from(JSON.stringify(['Eve', 9e15, 'x'])).toString('base64url');
    for (const wrong of [`${forged}.${signature}`, body, `${body}.`, `${body}.${signature}x`, '', '.', 'é.é'])
      expect(sessions.read(header(wrong), 1000), wrong).toBeUndefined();
    expect(createSessions('another-operator-token').read(header(value), 1000)).toBeUndefined();
    expect(sessions.read(undefined, 1000)).toBeUndefined();
  });

  it('has forms of its own', () => {
    const [one, other] = [1, 2].map(() => sessions.read(header(sessions.open('Ada', 1000)), 1000)!);
    expect(sessions.ownsForm(one!, one!.csrfToken)).toBe(true);
    expect(sessions.ownsForm(one!, other!.csrfToken)).toBe(false);
    expect(sessions.ownsForm(one!, '')).toBe(false);
  });

  it('is over once closed', () => {
    const cookie = header(sessions.open('Ada', 1000));
    sessions.close(cookie);
    expect(sessions.read(cookie, 1000)).toBeUndefined();
  });
});
