import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addExampleIncident, HOSTILE_TEXT } from './testing/example-incident.ts';
import { OPERATOR_TOKEN, startTestConsole, type TestConsole } from './testing/test-console.ts';

let folder: string;
let people: TestConsole;
let incidentId: number;
let cookie: string;
let csrf: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roster-'));
  writeFileSync(
    join(folder, 'oncall.yaml'),
    'version: 1\npeople: {ada: {name: Ada, zone: UTC, channels: [{kind: webhook, file: a}]}}\nrotations: {}\nescalation: {}\nstatus: {team: {kind: webhook, file: team}}\n',
  );
  people = await startTestConsole({ onCallFile: join(folder, 'oncall.yaml') });
  ({ incidentId } = addExampleIncident(people, { nowMs: Date.now() }));
  await vi.waitFor(async () => expect((await fetch(`${people.url}/oncall.ics`)).status).toBe(200), 10_000);
  const login = await fetch(`${people.url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ name: 'Ada', token: OPERATOR_TOKEN }),
    redirect: 'manual',
  });
  cookie = login.headers.get('set-cookie')!.split(';')[0]!;
  csrf = /name="csrf" value="([^"]+)"/.exec(await page())![1]!;
});
afterEach(async () => {
  await people.close();
  rmSync(folder, { recursive: true });
});

const page = async (path = '') =>
  (await fetch(`${people.url}/incidents/${incidentId}${path}`, { headers: { cookie } })).text();
async function post(
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = { cookie },
) {
  const response = await fetch(`${people.url}/incidents/${incidentId}${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ csrf, ...form }),
    redirect: 'manual',
  });
  return response.headers.get('location') ?? response.status;
}

describe('forms of who leads an incident', () => {
  it('set roles and severity, write notes down and tell who waits', async () => {
    const here = `/incidents/${incidentId}`;
    expect(await post('/roles', { commander: 'Ada', scribe: 'Ben' })).toBe(`${here}?notice=noted`);
    expect(await post('/severity', { severity: 'SEV1', reason: HOSTILE_TEXT })).toBe(`${here}?notice=noted`);
    expect(await post('/note', { text: HOSTILE_TEXT })).toBe(`${here}?notice=noted`);
    expect(await post('/status', { receiver: 'team', text: 'We look.' })).toBe(`${here}?notice=status-sent`);
    expect(await post('/status', { receiver: 'nobody-knows', text: 'We look.' })).toBe(
      `${here}?notice=status-failed`,
    );
    expect(people.incidents.get(incidentId)).toMatchObject({
      commander: 'Ada',
      scribe: 'Ben',
      severity: 'SEV1',
    });
    const text = await page();
    expect(text).toContain('Ada, scribe Ben');
    expect(text).toContain('To team, by Ada: We look.');
    expect(text).not.toContain('<img');
  });

  it.each([
    ['a role with markup', '/roles', { commander: '<b>', scribe: '' }],
    ['a severity without a reason', '/severity', { severity: 'SEV1', reason: ' ' }],
    ['a severity that is none', '/severity', { severity: 'SEV0', reason: 'x' }],
    ['an empty note', '/note', { text: '' }],
    ['a postmortem without words', '/postmortem', { markdown: ' ', finished: 'no' }],
    ['a day that is none', '/postmortem/actions', { text: 'x', owner: 'Ada', due: '2026-02-30' }],
  ])('refuse %s, and change nothing', async (_case, path, form) => {
    const before = people.auditLog.list({ limit: 100 }).length;
    expect(await post(path, form)).toMatch(/notice=not-understood$/);
    expect(people.auditLog.list({ limit: 100 })).toHaveLength(before);
  });

  it.each([
    '/roles',
    '/severity',
    '/note',
    '/status',
    '/postmortem',
    '/postmortem/actions',
    '/postmortem/actions/1',
  ])('are not taken from strangers, nor from forms of others: %s', async (path) => {
    expect(await post(path, {}, {})).toBe('/login');
    csrf = 'x'.repeat(20);
    expect(await post(path, {})).toBe(403);
  });
});

describe('a postmortem in the console', () => {
  it('is edited, finished and taken away as it was left, long ones too', async () => {
    people.incidents.setPostmortem(incidentId, '# Draft');
    const markdown = `# What we learnt\n\n${HOSTILE_TEXT}\n\n${'A long story, told in full. '.repeat(3000)}`;
    expect(await post('/postmortem', { markdown, finished: 'no' })).toBe(
      `/incidents/${incidentId}/postmortem?notice=saved`,
    );
    expect(await page('/postmortem')).toContain('<h1>What we learnt</h1>');
    expect(await page('/postmortem')).not.toContain('<img');
    await post('/postmortem', { markdown, finished: 'yes' });
    expect(await page('/postmortem')).toContain('<span class="badge good">finished</span>');
    const taken = await fetch(`${people.url}/api/incidents/${incidentId}/postmortem`);
    expect(await taken.text()).toBe(markdown.trim());
  });

  it('has actions, of which the overdue ones stand out everywhere', async () => {
    people.incidents.setPostmortem(incidentId, '# Draft');
    await post('/postmortem/actions', {
      text: `Alert earlier ${HOSTILE_TEXT}`,
      owner: 'Ben',
      due: '2020-01-01',
    });
    for (const path of ['/postmortem', '/../../postmortems']) {
      const text = await page(path);
      expect(text).toContain('overdue');
      expect(text).toContain('Alert earlier &lt;img');
    }
    expect(await post('/postmortem/actions/1', { state: 'done', due: '2020-01-01' })).toMatch(
      /notice=saved$/,
    );
    expect(await page('/../../postmortems')).toContain('Nothing is left to do.');
    expect(await post('/postmortem/actions/99', { state: 'done', due: '2020-01-01' })).toBe(
      '/incidents?notice=not-found',
    );
  });
});
