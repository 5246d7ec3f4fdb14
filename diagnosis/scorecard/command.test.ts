import { type ScriptedBackend, scriptedBackend } from '@aiops-sre/service-kit/testing/scripted-backend.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Card } from './card-schema.ts';
import { reportCommand } from './command.ts';

const stage = { incidents: 4, medianSeconds: 90, p90Seconds: 400, targetSeconds: 120 };
const card: Card = {
  from: '2026-03-01T10:00:00.000Z',
  until: '2026-03-15T10:00:00.000Z',
  days: 14,
  incidents: { opened: 5, resolved: 4, alertsEach: 2.5 },
  times: {
    detect: stage,
    acknowledge: { ...stage, medianSeconds: 600, targetSeconds: 300 },
    mitigate: stage,
    resolve: { incidents: 0, medianSeconds: null, p90Seconds: null, targetSeconds: 3600 },
  },
  roots: {
    judged: 4,
    right: 3,
    accuracy: 0.75,
    target: 0.8,
    judgedBy: { people: 1, drill: 3 },
    calibration: [
      { from: 0, judged: 0, claimed: null, right: 0 },
      { from: 0.8, judged: 4, claimed: 0.87, right: 3 },
    ],
  },
  falseAlarms: 1,
  autoHealed: 2,
  actions: { begun: 3, succeeded: 2, takenBack: 1, judgedRight: 2, judgedWrong: 1 },
  pages: { count: 12, targetAPersonWeek: 10 },
  postmortems: { written: 4, ofResolved: 4 },
  noisiest: [
    {
      alertname: 'Flapping\u001b[2J',
      service: 'shop',
      severity: 'page',
      episodes: 9,
      notifications: 9,
      medianSeconds: 180,
      whatIf: [{ change: 'for', bySeconds: 300, notificationsSaved: 7 }],
    },
  ],
  coverage: { services: 3, withoutTraces: ['ledger'], withoutSlo: [] },
  analysis: { tokens: 1200, dollars: 0.034 },
};

let backend: ScriptedBackend;
let asked: string[];
beforeEach(async () => {
  asked = [];
  backend = await scriptedBackend(({ url }, response) => {
    asked.push(url);
    response.end(JSON.stringify(card));
  });
});
afterEach(() => backend[Symbol.asyncDispose]());

async function report(...args: string[]) {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const code = await reportCommand(args, { responderUrl: backend.url, out: say, err: say });
  return { code, text: said.join('\n') };
}

it('tells of a week against its targets, for people', async () => {
  const { code, text } = await report('week', '--days', '14', '--people', '2');
  expect(code).toBe(0);
  expect(asked).toEqual(['/api/scorecard?days=14']);
  expect(text).toMatch(/MTTD, until detected +4 +1 min 30 s +6 min 40 s +2 min +met/);
  expect(text).toMatch(/MTTA, until acknowledged +4 +10 min .* missed/);
  expect(text).toMatch(/MTTR, until resolved +0 +– +– /);
  expect(text).toContain('75 % right of 4 judged (target 80 %; by people 1, by drills 3)');
  expect(text).toMatch(/80 % to 100 % +4 +87 % +75 %/);
  expect(text).toContain('Pages: 12, 3.0 a person-week for 2 (target 10 at most)');
  expect(text).toContain('traces 2 of 3 (not ledger); SLOs 3 of 3');
  expect(text).toContain('for: 5 min longer: 7 fewer');
});

it('is JSON where that is asked for', async () => {
  const { text } = await report('week', '--json');
  expect(JSON.parse(text)).toMatchObject({ pages: { count: 12, people: 1, aPersonWeek: 12 }, autoHealed: 2 });
});

it.each([[['week', '--days', '36']], [['week', '--people', '0']], [['month']]])(
  'refuses %o',
  async (args) => {
    expect((await report(...args)).code).toBe(2);
    expect(asked).toEqual([]);
  },
);

it('says that the responder does not answer', async () => {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const options = { responderUrl: 'http://127.0.0.1:9', out: say, err: say };
  expect(await reportCommand(['week'], options)).toBe(1);
  expect(said.join()).toContain('report: incident-responder at http://127.0.0.1:9/api/scorecard');
});
