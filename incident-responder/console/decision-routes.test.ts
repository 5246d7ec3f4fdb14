import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoginAttempts } from './session/login-attempts.ts';
import { addExampleIncident, HOSTILE_TEXT } from './testing/example-incident.ts';
import { OPERATOR_TOKEN, startTestConsole, type TestConsole } from './testing/test-console.ts';

let people: TestConsole;
let runId: number;
let incidentId: number;
beforeEach(async () => {
  people = await startTestConsole();
  ({ runId, incidentId } = addExampleIncident(people, { nowMs: Date.now() }));
});
afterEach(() => people.close());

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(people.url + path, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

async function logIn(name = 'Ada'): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const response = await post('/login', { name, token: OPERATOR_TOKEN, next: '/' });
  const cookie = response.headers.get('set-cookie')!.split(';')[0]!;
  const text = await (await fetch(people.url, { headers: { cookie } })).text();
  return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(text)![1]! };
}
const state = () => people.runs.get(runId)!.state;

describe('login', () => {
  it('gives a cookie that scripts and other sites cannot use', async () => {
    const response = await post('/login', { name: 'Ada', token: OPERATOR_TOKEN, next: '/audit' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/audit');
    expect(response.headers.get('set-cookie')).toMatch(/; Path=\/; .*HttpOnly; SameSite=Strict$/);
    const encrypted = await post(
      '/login',
      { name: 'Ada', token: OPERATOR_TOKEN },
      { 'x-forwarded-proto': 'https' },
    );
    expect(encrypted.headers.get('set-cookie')).toContain('; Secure');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'goes on with a page of its own, not with %s',
    async (next) => {
      const response = await post('/login', { name: 'Ada', token: OPERATOR_TOKEN, next });
      expect(response.headers.get('location')).toBe('/');
    },
  );

  it('refuses a wrong token and a name that is none', async () => {
    expect((await post('/login', { name: 'Ada', token: 'wrong' })).status).toBe(403);
    for (const name of ['', 'responder', HOSTILE_TEXT]) {
      const response = await post('/login', { name, token: OPERATOR_TOKEN });
      expect(response.status).toBe(400);
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(await response.text()).not.toContain('<img');
    }
  });

  it('lets the right token in at once, however many wrong ones came before and wait for their answers', async () => {
    const wrong = Array.from({ length: 12 }, () => post('/login', { name: 'Eve', token: 'wrong' }));
    await Promise.race(wrong);
    expect((await post('/login', { name: 'Ada', token: OPERATOR_TOKEN })).status).toBe(303);
    await Promise.allSettled(wrong.slice(0, 3));
  });

  it('answers wrong tokens later and later, and says so after ten a minute', async () => {
    const waited: number[] = [];
    const attempts = createLoginAttempts(async (ms) => waited.push(ms));
    const retryAfter: number[] = [];
    for (let second = 1; second <= 11; second += 1) retryAfter.push(await attempts.failed(second * 1000));
    expect(waited).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000, 4000, 4000, 4000]);
    expect(retryAfter).toEqual([...Array(10).fill(0), 50]);
    expect(await attempts.failed(100_000)).toBe(0);
  });

  it('holds back no more answers than it has room for', async () => {
    const attempts = createLoginAttempts(() => new Promise(() => {}));
    for (let held = 0; held < 64; held += 1) void attempts.failed(1000);
    expect(await attempts.failed(1000)).toBe(60);
  });

  it('is not possible without an operator token', async () => {
    const closed = await startTestConsole({ operatorToken: undefined });
    const form = new URLSearchParams({ name: 'Ada', token: '', csrf: '' });
    expect((await fetch(`${closed.url}/login`, { method: 'POST', body: form })).status).toBe(403);
    expect(await (await fetch(`${closed.url}/login`)).text()).toContain('without an operator token');
    await closed.close();
  });

  it('is over after logging out', async () => {
    const { cookie, csrf } = await logIn();
    await post('/logout', { csrf }, { cookie });
    await post(`/actions/${runId}/decision`, { csrf, decision: 'approved' }, { cookie });
    expect(state()).toBe('proposed');
  });
});

describe('decisions by a form', () => {
  it('are recorded with name and note', async () => {
    const { cookie, csrf } = await logIn('Ada Lovelace');
    const form = { csrf, decision: 'approved', note: 'seen it', next: `/incidents/${incidentId}` };
    const response = await post(`/actions/${runId}/decision`, form, { cookie });
    expect(response.headers.get('location')).toBe(`/incidents/${incidentId}?notice=approved`);
    expect(people.runs.get(runId)).toMatchObject({
      state: 'approved',
      approvals: [{ decision: 'approved', by: 'Ada Lovelace', note: 'seen it' }],
    });
    expect(people.auditLog.list({ limit: 1 })).toMatchObject([
      { actor: 'Ada Lovelace', event: 'action.approved', actionRunId: runId },
    ]);
  });

  it('are not taken from strangers, from other sessions or from forms of other sites', async () => {
    const ada = await logIn('Ada');
    const eve = await logIn('Eve');
    const decide = (csrf: string, headers: Record<string, string>) =>
      post(`/actions/${runId}/decision`, { csrf, decision: 'approved' }, headers);
    expect((await decide(ada.csrf, {})).headers.get('location')).toBe('/login');
    expect((await decide(eve.csrf, { cookie: ada.cookie })).status).toBe(403);
    expect((await decide('', { cookie: ada.cookie })).status).toBe(403);
    expect((await decide(ada.csrf, { cookie: `${ada.cookie}x` })).headers.get('location')).toBe('/login');
    expect(state()).toBe('proposed');
  });

  it('happen once', async () => {
    const { cookie, csrf } = await logIn();
    await post(`/actions/${runId}/decision`, { csrf, decision: 'rejected' }, { cookie });
    const again = await post(`/actions/${runId}/decision`, { csrf, decision: 'approved' }, { cookie });
    expect(again.headers.get('location')).toBe('/incidents?notice=not-waiting');
    expect(state()).toBe('rejected');
  });

  it.each([{ decision: 'executed' }, { decision: 'approved', note: 'x'.repeat(1001) }])(
    'have to be one of two, with a short note: %o is refused',
    async (form) => {
      const { cookie, csrf } = await logIn();
      expect((await post(`/actions/${runId}/decision`, { csrf, ...form }, { cookie })).status).toBe(400);
      expect(state()).toBe('proposed');
    },
  );

  it('say whether an explanation was right', async () => {
    const { cookie, csrf } = await logIn();
    const judge = () => post(`/incidents/${incidentId}/verdict`, { csrf, verdict: 'wrong' }, { cookie });
    expect((await judge()).headers.get('location')).toBe('/incidents?notice=not-found');
    const answer = { text: `It was the flag. ${HOSTILE_TEXT}`, ranked: [], caution: '' };
    people.analyses.add(
      { incidentId, atMs: Date.now(), model: 'small', outcome: 'answered', answer },
      { tokens: 1, dollars: 0 },
    );
    expect((await judge()).headers.get('location')).toBe(`/incidents/${incidentId}?notice=judged`);
    const text = await (await fetch(`${people.url}/incidents/${incidentId}`)).text();
    expect(text).toContain('It was the flag. &lt;img');
    expect(text).toContain('Found wrong.');
    expect(people.analyses.accuracy()).toBe(0);
  });

  it('say whether the probable root was the root, and may think again', async () => {
    const { cookie, csrf } = await logIn();
    const judge = (verdict: string) =>
      post(`/incidents/${incidentId}/root-verdict`, { csrf, verdict }, { cookie });
    expect((await judge('perhaps')).headers.get('location')).toBe('/incidents?notice=not-found');
    for (const verdict of ['right', 'false-alarm', 'wrong']) {
      const { headers } = await judge(verdict);
      expect(headers.get('location')).toBe(`/incidents/${incidentId}?notice=root-judged`);
    }
    expect(people.incidents.get(incidentId)!.rootVerdict).toMatchObject({ verdict: 'wrong', by: 'Ada' });
    expect(people.incidents.scored(0)).toContainEqual(
      expect.objectContaining({ id: incidentId, verdict: 'wrong', source: 'people' }),
    );
    const text = await (await fetch(`${people.url}/incidents/${incidentId}`)).text();
    expect(text).toContain('Ada found it wrong.');
    expect(people.auditLog.list({ incidentId, limit: 9 }).map(({ event }) => event)).toContain('root.judged');
  });

  it('say whether it was right to act, once something was done', async () => {
    const { cookie, csrf } = await logIn();
    const judge = () =>
      post(`/actions/${runId}/verdict`, { csrf, verdict: 'wrong', next: '/actions' }, { cookie });
    expect((await judge()).headers.get('location')).toBe('/actions?notice=not-found');
    for (const state of ['approved', 'executing', 'verifying', 'succeeded'] as const)
      people.runs.change(runId, { state, startedAtMs: Date.now(), endedAtMs: Date.now() });
    expect((await judge()).headers.get('location')).toBe('/actions?notice=action-judged');
    expect(people.runs.get(runId)!.judged).toMatchObject({ verdict: 'wrong', by: 'Ada', source: 'people' });
    const text = await (await fetch(`${people.url}/incidents/${incidentId}`, { headers: { cookie } })).text();
    expect(text).toContain('Ada found it wrong.');
    expect(text).toMatch(/value="wrong" accesskey="w"/);
  });

  it('take an incident on', async () => {
    const { cookie, csrf } = await logIn();
    await post(`/incidents/${incidentId}/acknowledge`, { csrf }, { cookie });
    expect(people.incidents.get(incidentId)!.acknowledgedBy).toBe('Ada');
  });
});

describe('pages', () => {
  it('show hostile text as text', async () => {
    const { incidentId: hostile } = addExampleIncident(people, { nowMs: Date.now(), hostile: true });
    people.incidents.setPostmortem(hostile, `# ${HOSTILE_TEXT}\n\n<script>alert(1)</script>\n`);
    for (const path of [
      '/',
      `/incidents/${hostile}`,
      `/incidents/${hostile}/postmortem`,
      '/actions',
      '/audit',
    ]) {
      const text = await (await fetch(people.url + path)).text();
      expect(text, path).toContain('&lt;img');
      expect(text, path).not.toContain('<img');
      expect(text, path).not.toMatch(/<script>|href="javascript/);
    }
  });

  it('say that the audit log was tampered with', async () => {
    expect(await (await fetch(`${people.url}/audit`)).text()).toContain('Intact: 1 entry');
  });

  it.each([
    '/incidents/999',
    '/incidents/x',
    '/incidents/1/postmortem',
    '/runbooks/none',
    '/assets/../main.ts',
    '/assets/x',
  ])('that are not there are 404: %s', async (path) => {
    expect((await fetch(people.url + path)).status).toBe(404);
  });
});

describe('live updates', () => {
  it('tell which thing changed, and nothing of what is in it', async () => {
    const abort = new AbortController();
    const response = await fetch(`${people.url}/events`, { signal: abort.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    people.events.publish({ topic: 'incident', id: 7 });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk);
      if (text.includes('incident')) break;
    }
    expect(text).toBe('retry: 2000\n\nevent: incident\ndata: 7\n\n');
    abort.abort();
  });
});
