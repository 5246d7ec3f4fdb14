import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAcknowledgeLinks } from '../on-call/acknowledge-link.ts';
import { addExampleIncident } from './testing/example-incident.ts';
import { OPERATOR_TOKEN, startTestConsole, type TestConsole } from './testing/test-console.ts';

const ROSTER = join(
  import.meta.dirname,
  '..',
  '..',
  'stack',
  'home',
  'template',
  'on-call',
  'oncall.yaml.example',
);

let people: TestConsole;
let incidentId: number;
beforeEach(async () => {
  people = await startTestConsole({ onCallFile: ROSTER });
  ({ incidentId } = addExampleIncident(people, { nowMs: Date.now() }));
});
afterEach(() => people.close());

const get = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(people.url + path, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
/** None of this test was ever used. */
const links = () => createAcknowledgeLinks(OPERATOR_TOKEN, { add() {}, has: () => false });

describe('on call', () => {
  it('is a page and a calendar', async () => {
    // It is read after the start.
    await vi.waitFor(async () => expect((await get('/oncall.ics')).status).toBe(200), 10_000);
    const { text } = await get('/on-call');
    expect(text).toMatch(/<dt>primary<\/dt><dd class="words"><strong>(Ada|Ben|Chi)<\/strong>/);
    expect(text).toContain('How it is shared');
    const calendar = await get('/oncall.ics');
    expect(calendar.headers.get('content-type')).toContain('text/calendar');
    expect(calendar.text).toContain('BEGIN:VEVENT');
  });

  it('says so where there is no roster', async () => {
    const without = await startTestConsole();
    try {
      expect(await (await fetch(`${without.url}/on-call`)).text()).toContain('There is no roster');
      expect((await fetch(`${without.url}/oncall.ics`)).status).toBe(404);
    } finally {
      await without.close();
    }
  });
});

describe('a link to take an incident on', () => {
  it('asks first, whoever opens it how often, and takes it on by POST, once', async () => {
    const path = `/acknowledge/${links().open(incidentId, 'Ada', Date.now())}`;
    for (let preview = 0; preview < 2; preview++) {
      const { status, text } = await get(path);
      expect(status).toBe(200);
      expect(text).toContain('Yes, I, Ada, take it on');
      expect((await get(path, { method: 'HEAD' })).status).toBe(200);
    }
    expect(people.incidents.get(incidentId)?.acknowledgedBy).toBeNull();
    const taken = await get(path, { method: 'POST' });
    expect(taken.headers.get('location')).toBe(`/incidents/${incidentId}?notice=acknowledged`);
    expect(people.incidents.get(incidentId)?.acknowledgedBy).toBe('Ada');
    expect((await get(path, { method: 'POST' })).status).toBe(410);
    expect((await get(path)).status).toBe(410);
  });

  it('is worth nothing when it is old, forged, or of an incident that is not there', async () => {
    const old = links().open(incidentId, 'Ada', Date.now() - 5 * 3_600_000);
    const gone = links().open(999, 'Ada', Date.now());
    const forged = createAcknowledgeLinks('another-operator-token', { add() {}, has: () => false });
    for (const token of [old, gone, forged.open(incidentId, 'Ada', Date.now()), 'x', 'x.y'])
      for (const method of ['GET', 'POST'])
        expect((await get(`/acknowledge/${token}`, { method })).status).toBe(410);
    expect(people.incidents.get(incidentId)?.acknowledgedBy).toBeNull();
  });
});
