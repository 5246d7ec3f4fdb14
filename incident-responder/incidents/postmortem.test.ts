import { expect, it } from 'vitest';
import type { Findings } from '../findings/findings.ts';
import type { Hypothesis, Incident } from './incident.ts';
import { postmortemDraft } from './postmortem.ts';

const EVIL = '<img src=x> | [x](javascript:alert(1))';
const incident = {
  id: 7,
  title: 'Shop fails',
  severity: 'SEV2',
  status: 'resolved',
  startedAtMs: 0,
  detectedAtMs: 30_000,
  acknowledgedAtMs: null,
  acknowledgedBy: null,
  mitigatedAtMs: null,
  resolvedAtMs: 600_000,
  lastAlertAtMs: 0,
  services: ['shop'],
  alertCount: 1,
  firingCount: 0,
  hypotheses: [],
} as const satisfies Incident;
const findings: Findings = {
  atMs: 60_000,
  service: 'shop',
  fromMs: 0,
  untilMs: 240_000,
  failing: {
    counted: { bad: 40, all: 200 },
    compared: 20,
    inCommon: [
      { service: 'stock', attribute: 'service.version', value: EVIL, shareOfBad: 1, shareOfRest: 0.25 },
    ],
    firstErrors: [{ service: 'stock', operation: 'stock GET /', error: 'boom', requests: 20, share: 1 }],
    timeSpent: [],
    patterns: [],
    example: null,
  },
  slow: null,
  templates: [
    { service: 'stock', level: 'error', template: EVIL, change: 'new', lines: 3, before: 0, traceId: null },
  ],
  missing: [],
};
const draft = (more: Partial<Parameters<typeof postmortemDraft>[0]> = {}) =>
  postmortemDraft({
    incident,
    alerts: [],
    timeline: [],
    runs: [],
    budgets: [],
    findings,
    similar: [],
    baseUrl: 'http://127.0.0.1:8091',
    ...more,
  });

it('says how many users were hurt, where requests say whose they are', () => {
  const users = (atLeast: boolean) => draft({ findings: { ...findings, users: { users: 34, atLeast } } });
  expect(users(false)).toContain('; 34 users had a failed or slow answer, by 1970-01-01 00:04:00');
  expect(users(true)).toContain('; at least 34 users had');
  expect(draft()).toContain('; TODO: how many users, by ');
});

it('says how many requests were hurt, what they have in common, where they failed first and what is new in the logs', () => {
  const text = draft();
  expect(text).toContain('| Users hurt | 40 of 200 requests of shop failed; ');
  expect(text).toMatch(/- 100.* of the failing requests have stock service.version = /);
  expect(text).toMatch(/- The first error of 100.*: stock GET \/ boom/);
  expect(text).toContain('- New in the logs of stock: ');
  expect(text).not.toContain('<img');
  expect(text).not.toContain('](javascript');
});

it('says what was changed before, from what to what', () => {
  const change = { kind: 'flag', subject: 'pool', from: EVIL, to: 'on', atMs: -1000 } as const;
  const root: Hypothesis = {
    cause: 'flag-change',
    service: 'shop',
    instance: null,
    flag: 'pool',
    summary: 'It did.',
    confidence: 0.9,
    reasons: [],
    change,
  };
  const text = draft({ incident: { ...incident, hypotheses: [root] } });
  expect(text).toMatch(/\| Changed before \| flag pool, .* to on, 1969-12-31 23:59:59 \|/);
  expect(text).not.toContain('<img');
  expect(draft()).toContain('| Changed before | nothing that is known of |');
});

it('leaves to people what traces and logs were not asked for', () => {
  expect(draft({ findings: undefined })).toContain('| Users hurt | TODO |');
});

it('tells of similar incidents and of what helped', () => {
  const past = {
    id: 3,
    title: EVIL,
    startedAtMs: 0,
    resolvedAtMs: 1,
    alike: ['the same root'],
    helped: ['Restart'],
  };
  const text = draft({ similar: [past] });
  expect(text).toMatch(
    /- \[3\]\(http:\/\/127.0.0.1:8091\/incidents\/3\).*alike in the same root. What helped: Restart./,
  );
  expect(text).not.toContain('<img');
  expect(draft()).toContain('No incident of the past was much like it.');
});
