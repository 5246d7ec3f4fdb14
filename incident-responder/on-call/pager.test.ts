import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../audit/audit-log.ts';
import { createEventFeed } from '../event-feed.ts';
import { createAcknowledge } from '../incidents/acknowledge.ts';
import type { Hypothesis, Incident } from '../incidents/incident.ts';
import { IncidentStore } from '../incidents/incident-store.ts';
import { ClosedSessions } from '../store/closed-sessions.ts';
import { openDatabase } from '../store/database.ts';
import { createAcknowledgeLinks } from './acknowledge-link.ts';
import type { Channels, PageMessage } from './channels.ts';
import { PageStore } from './page-store.ts';
import { createPager } from './pager.ts';
import { createRosterSource } from './roster-source.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-06-02T12:00Z');
const ROSTER = `version: 1
people:
  ada: { name: Ada, zone: UTC, channels: [{ kind: webhook, file: ada }] }
  ben: { name: Ben, zone: UTC, channels: [{ kind: pagerduty, file: ben }] }
  chi: { name: Chi, zone: UTC, channels: [{ kind: webhook, file: chi }] }
rotations:
  primary: { zone: UTC, starts: "2026-06-01T09:00", every: week, people: [ada] }
  secondary: { zone: UTC, starts: "2026-06-01T09:00", every: week, people: [ben] }
  nights: { zone: UTC, starts: "2026-06-01T09:00", every: week, people: [ben], hours: { from: "22:00", until: "06:00" } }
escalation:
  SEV1: [{ after: 0m, notify: [nights] }, { after: 5m, notify: [primary] }]
  SEV2: [{ after: 0m, notify: [primary] }, { after: 5m, notify: [secondary] }, { after: 15m, notify: [ada, chi] }]
`;

let folder: string;
let database: DatabaseSync;
let incidents: IncidentStore;
let nowMs: number;
let sent: (readonly [to: string, message: PageMessage])[];
let closed: string[];
/** Files of those whom nothing reaches. */
let unreachable: Set<string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pager-'));
  database = openDatabase(folder);
  incidents = new IncidentStore({ database });
  writeFileSync(join(folder, 'oncall.yaml'), ROSTER);
  nowMs = START_MS;
  sent = [];
  closed = [];
  unreachable = new Set();
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const channels: Channels = {
  async open({ file }, message) {
    if (unreachable.has(file)) throw new Error('answered 500');
    sent.push([file, message]);
  },
  async close({ file }) {
    closed.push(file);
  },
};
const auditLog = () => new AuditLog({ database });
const links = () => createAcknowledgeLinks('an-operator-token-for-tests', new ClosedSessions({ database }));

/** As after each start of the process: nothing but the database is kept. */
function started() {
  const log = pino({ level: 'silent' });
  return createPager({
    database,
    incidents,
    pages: new PageStore({ database }),
    auditLog: auditLog(),
    events: createEventFeed(),
    rosters: createRosterSource({ file: join(folder, 'oncall.yaml'), log }),
    channels,
    links: links(),
    publicUrl: 'http://127.0.0.1:8091',
    onSent() {},
    log,
    now: () => nowMs,
  });
}

const ROOT: Hypothesis = {
  ...{ cause: 'service', service: 'shop', instance: null, flag: null, reasons: [] },
  ...{ summary: 'shop fails by itself', confidence: 0.7 },
};

function open(more: Partial<Incident> = {}): number {
  return incidents.open({
    title: 'Shop fails',
    severity: 'SEV2',
    status: 'open',
    startedAtMs: nowMs - MINUTE_MS,
    detectedAtMs: nowMs,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    mitigatedAtMs: null,
    resolvedAtMs: null,
    lastAlertAtMs: nowMs,
    services: ['shop'],
    hypotheses: [ROOT],
    ...more,
  });
}
/** Looks every ten seconds for so many minutes. */
async function pass(minutes: number, pager = started()) {
  for (const untilMs = nowMs + minutes * MINUTE_MS; nowMs < untilMs; nowMs += 10_000) await pager.tick();
  await pager.tick();
}
const told = () => sent.map(([to]) => to);
const acknowledge = (incidentId: number, by: string) =>
  createAcknowledge({
    database,
    incidents,
    auditLog: auditLog(),
    events: createEventFeed(),
    now: () => nowMs,
  })(incidentId, by);

describe('an open incident', () => {
  it('that nobody takes on reaches the second person after five minutes, all after fifteen, and them again later', async () => {
    const id = open();
    const pager = started();
    await pass(4.8, pager);
    expect(told()).toEqual(['ada']);
    await pass(0.2, pager);
    expect(told()).toEqual(['ada', 'ben']);
    await pass(9.5, pager);
    expect(told()).toEqual(['ada', 'ben']);
    await pass(1, pager);
    expect(told()).toEqual(['ada', 'ben', 'ada', 'chi']);
    await pass(15, pager);
    expect(told()).toEqual(['ada', 'ben', 'ada', 'chi', 'ada', 'chi']);
    expect(
      incidents
        .timeline(id)
        .map(({ text }) => text)
        .slice(0, 2),
    ).toEqual(['Step 1: told Ada by webhook.', 'Step 2: told Ben by pagerduty.']);
    expect(auditLog().list({ limit: 1 })).toMatchObject([{ event: 'incident.paged', incidentId: id }]);
  });

  it('that somebody takes on goes no further', async () => {
    const id = open();
    const pager = started();
    await pass(3, pager);
    acknowledge(id, 'Ada');
    await pass(60, pager);
    expect(told()).toEqual(['ada']);
  });

  it('is people’s to look at, too, while the responder acts, but not once it helped', async () => {
    const id = open({ acknowledgedBy: 'responder', acknowledgedAtMs: START_MS });
    const pager = started();
    await pager.tick();
    expect(told()).toEqual(['ada']);
    incidents.change(id, { status: 'mitigated' });
    await pass(60, pager);
    expect(told()).toEqual(['ada']);
  });

  it('goes on where it was after a restart', async () => {
    open();
    await pass(4);
    await pass(0.5, started());
    expect(told()).toEqual(['ada']);
    await pass(1, started());
    expect(told()).toEqual(['ada', 'ben']);
  });

  it('tells the next at once where a person cannot be reached, or nobody is on call', async () => {
    unreachable.add('ada');
    open();
    const pager = started();
    await pass(0.5, pager);
    expect(told()).toEqual(['ben']);
    const graver = open({ severity: 'SEV1' });
    unreachable.clear();
    await pass(0.5, pager);
    expect(told()).toEqual(['ben', 'ada']);
    expect(incidents.timeline(graver)[0]?.text).toBe('Nobody is on call for step 1 (nights).');
  });

  it('of a severity without steps tells nobody, and begins with the first step when it is raised', async () => {
    const id = open({ severity: 'SEV4' });
    const pager = started();
    await pass(30, pager);
    expect(sent).toEqual([]);
    incidents.change(id, { severity: 'SEV2' });
    await pass(1, pager);
    expect(told()).toEqual(['ada']);
  });

  it('goes by the latest whole roster while the file is broken', async () => {
    const pager = started();
    await pager.tick();
    writeFileSync(join(folder, 'oncall.yaml'), 'version: 1\npeople: {}\n');
    open();
    await pager.tick();
    expect(told()).toEqual(['ada']);
  });

  it('is closed where it would be paged on by others, once it is taken on', async () => {
    const id = open();
    const pager = started();
    await pass(6, pager);
    expect(closed).toEqual([]);
    acknowledge(id, 'Ben');
    await pass(1, pager);
    expect(closed).toEqual(['ben']);
  });
});

describe('a message', () => {
  it('waits five seconds for a probable root, and no longer', async () => {
    open({ hypotheses: [] });
    const pager = started();
    await pager.tick();
    nowMs += 4000;
    await pager.tick();
    expect(sent).toEqual([]);
    nowMs += 1000;
    await pager.tick();
    expect(sent[0]![1].text).toMatch(/^No probable root yet\.\n/);
  });

  it('says what is wrong, who is next, and has a link that takes it on: once, for four hours', async () => {
    const id = open();
    await started().tick();
    const [[, message]] = sent as [(typeof sent)[number]];
    expect(message).toMatchObject({
      title: 'SEV2: Shop fails',
      text: 'Probably: shop fails by itself (70 %).\nAda, you are on call. shop, for 1 min.\nUnless somebody takes it on, secondary will be told next.',
      incidentUrl: `http://127.0.0.1:8091/incidents/${id}`,
    });
    const token = message.acknowledgeUrl!.split('/').at(-1)!;
    expect(links().read(token, nowMs + 4 * 60 * MINUTE_MS)).toBeUndefined();
    // Looking at it does not use it up.
    for (let time = 0; time < 2; time++)
      expect(links().read(token, nowMs)).toMatchObject({ incidentId: id, name: 'Ada' });
    expect(links().use(token, nowMs)).toMatchObject({ name: 'Ada' });
    expect(links().use(token, nowMs)).toBeUndefined();
    expect(links().read(token, nowMs)).toBeUndefined();
    const [body, signature] = links().open(id, 'Ada', nowMs).split('.') as [string, string];
    const forged = Buffer.from(JSON.stringify([id, 'Eve', 9e15, 'x'])).toString('base64url');
    for (const wrong of [`${forged}.${signature}`, body, `${body}.`, '', '.', 'x'.repeat(10_000)])
      expect(links().read(wrong, nowMs), wrong.slice(0, 40)).toBeUndefined();
  });
});
