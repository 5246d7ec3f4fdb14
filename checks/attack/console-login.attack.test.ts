import { expect } from 'vitest';
import { eventually, stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();
const consoleUrl = (path: string) => stack.url('incidentResponder', path);
const post = (path: string, form: Record<string, string>, cookie = '') =>
  stack.http.post(consoleUrl(path), new URLSearchParams(form), { maxRedirects: 0, headers: { cookie } });
const logIn = (name: string, token = stack.secret('operator-token')) => post('/login', { name, token });
const isLoggedIn = async (cookie: string) =>
  (await stack.http.get(consoleUrl('/'), { headers: { cookie } })).data.includes('action="/logout"');

attack('lock-out', 'thirty wrong logins at once, then the right one', async () => {
  const wrong = Array.from({ length: 30 }, () => logIn('Eve', 'a-token-that-somebody-guessed'));
  await Promise.race(wrong);
  expect((await logIn('Ada')).status).toBe(303);
  const statuses = (await Promise.all(wrong)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([403, 429]));
  return 'the right token entered at once; wrong ones were answered 403 and 429, later and later';
});

attack('old cookie', 'logging out, kill -9 of the responder, the cookie again', async () => {
  const cookie = (await logIn('Ada')).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const page = (await stack.http.get(consoleUrl('/'), { headers: { cookie } })).data;
  expect(await isLoggedIn(cookie)).toBe(true);
  await post('/logout', { csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '' }, cookie);
  await stack.supervisor.act('incident-responder', 'kill');
  await stack.supervisor.act('incident-responder', 'start');
  await eventually('console', 30_000, async () => (await stack.http.get(consoleUrl('/'))).status === 200);
  expect(await isLoggedIn(cookie)).toBe(false);
  return 'a stranger';
});

attack('name of the machine', 'responder in Cyrillic, in full width, with a digit; operator', async () => {
  for (const name of ['r\u0435sponder', 'ｒｅｓｐｏｎｄｅｒ', 'resp0nder', 'Operator'])
    expect((await logIn(name)).status, name).toBe(400);
  return '400';
});
