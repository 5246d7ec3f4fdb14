import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readMissions } from '../read-missions.ts';
import { readFlights } from '../results.ts';
import { startMadeSchool } from '../testing/made-school.ts';
import { readDocument } from './read-page.ts';
import { startSchool } from './start-school.ts';

const missions = readMissions(join(import.meta.dirname, '..', '..'));
const first = missions.find(({ number }) => number === 1)!;

let made: Awaited<ReturnType<typeof startMadeSchool>>;
beforeEach(async () => {
  made = await startMadeSchool(missions, first);
});
afterEach(() => made.close());

const get = async (path: string) => {
  const response = await fetch(made.url + path);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const post = (path: string, fields: Record<string, string>, cookie = made.cookie) =>
  fetch(made.url + path, {
    method: 'POST',
    headers: { cookie: `responder_session=${cookie}` },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
const begin = () => post(`/missions/${first.name}/fly`, { csrf: made.csrf });
const step = (line: string, ...words: string[]) =>
  post('/flight/steps', { csrf: made.csrf, step: line, words: words.join(' ') });
const untilPage = (text: string | RegExp) =>
  vi.waitFor(async () => expect((await get('/flight')).text).toMatch(text), {
    timeout: 10_000,
    interval: 50,
  });

describe("the school's pages", () => {
  it('show all missions, and nothing of a cause', async () => {
    const { text, headers } = await get('/');
    for (const { title, name } of missions) {
      expect(text).toContain(`href="/missions/${name}"`);
      const page = (await get(`/missions/${name}`)).text;
      expect(page).toContain(title);
    }
    expect((await get(`/missions/${first.name}`)).text).not.toContain(first.fault.description);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
  });

  it.each(['/missions/moon', '/flights/1', '/flights/__proto__', '/read/docs/moon.md', '/moon'])(
    'are not there: %s',
    async (path) => expect((await get(path)).status).toBe(404),
  );

  it('answer to no name but theirs: of a page whose name was made to lead here nobody flies', async () => {
    const status = await new Promise((resolve) => {
      const { hostname, port } = new URL(made.url);
      request({ hostname, port, path: '/', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(421);
  });
});

describe('a form', () => {
  it('of a stranger leads to the login, and begins nothing', async () => {
    const response = await post(`/missions/${first.name}/fly`, { csrf: made.csrf }, 'forged.cookie');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    expect(made.school.desk.state()).toBeUndefined();
  });

  it.each(['/missions/every-third-page/fly', '/flight/steps', '/flight/end', '/flights/1/postmortem'])(
    'that was made elsewhere is refused: %s',
    async (path) => {
      expect((await post(path, { csrf: 'guessed', step: 'done' })).status).toBe(403);
      expect(made.school.desk.state()).toBeUndefined();
    },
  );
});

describe('a flight', () => {
  it('is one at a time: a second learner is told who flies', async () => {
    expect((await begin()).headers.get('location')).toBe('/flight');
    const second = await begin();
    expect(second.status).toBe(409);
    expect(await second.text()).toContain(`${first.title} is being flown by Ada: one learner at a time`);
    await untilPage('You are paged');
  });

  it('says what is wrong with a step, and goes on', async () => {
    await begin();
    await untilPage('You are paged');
    await step('restart', '../shutdown');
    await step('flag', 'shed-load everything');
    await step('root', 'storefront because');
    await untilPage(/no process \.\.\/shutdown[\s\S]*no variant everything of shed-load: none, half/);
    await untilPage(/got &#39;root storefront because&#39;/);
    expect(made.made.done).toEqual([]);
    expect(made.made.flags.get('shed-load')).toBe('none');
  });

  it('that is broken off is put back, said to be, and not graded', async () => {
    await begin();
    await untilPage('You are paged');
    await post('/flight/end', { csrf: made.csrf });
    await untilPage('It is over, and put back');
    expect(made.made.done.at(-1)).toBe('cleared');
    const [flight] = await readFlights(made.results);
    expect((await get(`/flights/${flight!.beganMs}`)).text).toContain('Not graded: interrupted');
  });

  it('tells what was true once its postmortem is written, which is once', async () => {
    await begin();
    await untilPage('You are paged');
    for (const line of ['acknowledge', 'impact many', 'root identity service', 'restart storefront'])
      await step(...(line.split(' ') as [string]));
    await untilPage('Write the postmortem');
    const { beganMs } = (await readFlights(made.results))[0]!;
    const here = `/flights/${beganMs}`;
    expect((await get(here)).text).not.toContain(first.fault.description);
    const answers = { csrf: made.csrf, service: 'storefront', cause: 'service', instance: '' };
    expect((await post(`${here}/postmortem`, { ...answers, contributing: '', improve: '' })).status).toBe(
      400,
    );
    const whole = { ...answers, contributing: 'one-of-a-kind', improve: 'leave-it' };
    expect((await post(`${here}/postmortem`, whole)).status).toBe(303);
    const { text } = await get(here);
    expect(text).toContain(first.fault.description);
    for (const file of first.docs) {
      expect(text).toContain(`href="/read/${file}"`);
      expect((await get(`/read/${file}`)).status).toBe(200);
    }
    // What was named only then counts from then.
    const [flight] = await readFlights(made.results);
    expect(flight!.root).toMatchObject({ service: 'storefront' });
    expect(flight!.root!.atMs).toBeGreaterThanOrEqual(flight!.endedMs);
    expect((await post(`${here}/postmortem`, { ...whole, improve: 'page-less' })).status).toBe(409);
  });

  it('is put back when the school is closed', async () => {
    await begin();
    await untilPage('You are paged');
    await made.school.close();
    expect(made.made.done.at(-1)).toBe('cleared');
    made = await startMadeSchool(missions, first);
  });
});

it('is not served without an operator token: anybody could sign in', async () => {
  const { stack } = made.made;
  const options = { repository: '.', stack: { ...stack, operatorToken: () => '' }, missions, results: '' };
  await expect(startSchool({ ...options, port: 0, err: () => {} })).rejects.toThrow(
    'OPERATOR_TOKEN: got none',
  );
});

describe('documentation', () => {
  it('is read in its folders alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'docs-'));
    try {
      writeFileSync(join(folder, 'README.md'), 'read me');
      writeFileSync(join(folder, 'secret.md'), 'secret');
      symlinkSync(join(folder, 'secret.md'), join(folder, 'LINKED.md'));
      expect(await readDocument(folder, 'README.md')).toBe('read me');
      for (const path of [
        'secret.md',
        'LINKED.md',
        '../README.md',
        'docs/../secret.md',
        'docs/..%2fsecret.md',
        'node_modules/express/README.md',
        '.data/README.md',
        '/README.md',
      ])
        expect(await readDocument(folder, path), path).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
