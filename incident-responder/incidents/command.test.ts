import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../audit/audit-log.ts';
import { createEventFeed } from '../event-feed.ts';
import { openDatabase } from '../store/database.ts';
import { createIncidentCommand } from './command.ts';
import type { Incident } from './incident.ts';
import { IncidentStore } from './incident-store.ts';
import { createPostmortemDesk } from './postmortem-desk.ts';
import { severityNow } from './severity.ts';
import { fittingTemplate, STATUS_TEMPLATES, statusText } from './status-template.ts';

const NOON_MS = Date.parse('2026-03-02T12:00Z');
const DAY_MS = 86_400_000;

let folder: string;
let database: DatabaseSync;
let incidents: IncidentStore;
let auditLog: AuditLog;
let incidentId: number;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
  database = openDatabase(folder);
  incidents = new IncidentStore({ database });
  auditLog = new AuditLog({ database });
  nowMs = NOON_MS;
  incidentId = incidents.open({
    title: 'Shop fails',
    severity: 'SEV3',
    status: 'open',
    startedAtMs: NOON_MS - 60_000,
    detectedAtMs: NOON_MS,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    mitigatedAtMs: null,
    resolvedAtMs: null,
    lastAlertAtMs: NOON_MS,
    services: ['shop'],
    hypotheses: [],
  });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const commons = () => ({ database, incidents, auditLog, events: createEventFeed(), now: () => nowMs });
const command = () => createIncidentCommand(commons());
const incident = () => incidents.get(incidentId)!;
const audited = () => auditLog.list({ limit: 10 }).map(({ actor, event }) => `${actor} ${event}`);

describe('command of an incident', () => {
  it('notes who leads and who writes, once for each change', () => {
    for (let time = 0; time < 2; time++)
      expect(command().setRoles(incidentId, { commander: 'Ada', scribe: '' }, 'Ben')).toBe(true);
    expect(incident()).toMatchObject({ commander: 'Ada', scribe: null });
    expect(incidents.timeline(incidentId).map(({ text }) => text)).toEqual([
      'Commander: Ada, scribe: nobody (by Ben)',
    ]);
    expect(audited()).toEqual(['Ben incident.roles']);
    expect(command().addNote(999, 'x', 'Ben')).toBe(false);
    expect(audited()).toHaveLength(1);
  });

  it('changes the severity with a reason, which stands until alerts show something worse than then', () => {
    incidents.change(incidentId, { severity: 'SEV2', computedSeverity: 'SEV2' });
    command().setSeverity(incidentId, 'SEV4', 'only staff notice', 'Ada');
    expect(severityNow(incident(), 'SEV2')).toBe('SEV4');
    expect(severityNow(incident(), 'SEV3')).toBe('SEV4');
    expect(severityNow(incident(), 'SEV1')).toBe('SEV1');
    expect(incidents.timeline(incidentId)[0]?.text).toBe('From SEV2 to SEV4 by Ada: only staff notice');
    command().setSeverity(incidentId, 'SEV1', 'all notice', 'Ada');
    expect(severityNow(incident(), 'SEV2')).toBe('SEV1');
    expect(auditLog.list({ limit: 1 })[0]?.detail).toEqual({
      from: 'SEV4',
      to: 'SEV1',
      reason: 'all notice',
    });
  });

  it('says what was told to whom, and what could not be', () => {
    command().statusSent(incidentId, { receiver: 'team', text: 'We look.', problem: undefined }, 'Ada');
    command().statusSent(incidentId, { receiver: 'team', text: 'We look.', problem: 'answered 500' }, 'Ada');
    expect(incidents.timeline(incidentId).map(({ text }) => text)).toEqual([
      'To team, by Ada: We look.',
      'Could not be sent to team (answered 500): We look.',
    ]);
    expect(audited()).toEqual(['Ada incident.status-failed', 'Ada incident.status-sent']);
  });
});

describe('a status update', () => {
  it('begins with a template that fits how far the incident is, and leaves nothing unfilled', () => {
    const of = (more: Partial<Incident>) => fittingTemplate({ ...incident(), ...more });
    expect(of({})).toBe('investigating');
    expect(of({ status: 'mitigated' })).toBe('monitoring');
    expect(of({ status: 'resolved' })).toBe('resolved');
    for (const name of STATUS_TEMPLATES)
      expect(statusText(name, incident(), nowMs)).not.toMatch(/[{}]|undefined/);
    expect(statusText('investigating', incident(), nowMs)).toBe(
      'SEV3: Shop fails. Since 11:59 UTC (1 min). Concerned: shop. We are looking for the cause. Next update in 30 minutes.',
    );
  });
});

describe('a postmortem', () => {
  const registry = new Registry();
  const desk = () => {
    registry.clear();
    return createPostmortemDesk({ ...commons(), registry });
  };
  const overdue = async () => /aiops_postmortem_actions_overdue (\d+)/.exec(await registry.metrics())?.[1];

  it('is the draft until people write on it, and theirs from then on, also when its incident is forgotten', () => {
    expect(desk().read(incidentId)).toBeUndefined();
    expect(desk().write(incidentId, { markdown: 'x', finished: false }, 'Ada')).toBe(false);
    incidents.setPostmortem(incidentId, '# Draft');
    expect(desk().read(incidentId)).toMatchObject({ markdown: '# Draft', editedBy: 'responder' });
    expect(desk().write(incidentId, { markdown: '# Ours', finished: true }, 'Ada')).toBe(true);
    // Written anew, as when an action ended late.
    incidents.setPostmortem(incidentId, '# Draft, again');
    expect(desk().read(incidentId)).toMatchObject({
      markdown: '# Ours',
      editedBy: 'Ada',
      finishedAtMs: NOON_MS,
    });
    incidents.change(incidentId, { status: 'resolved', resolvedAtMs: NOON_MS });
    incidents.prune(NOON_MS + 90 * DAY_MS, DAY_MS);
    expect(incidents.get(incidentId)).toBeUndefined();
    expect(desk().read(incidentId)).toMatchObject({ title: 'Shop fails', markdown: '# Ours' });
    expect(audited()).toEqual(['Ada postmortem.finished']);
  });

  it('has actions that are overdue from the day after theirs, until they are done or put off', async () => {
    incidents.setPostmortem(incidentId, '# Draft');
    expect(
      desk().addAction(incidentId, { text: 'Alert earlier', owner: 'Ben', due: '2026-03-03' }, 'Ada'),
    ).toBe(true);
    const [action] = desk().store.openActions();
    nowMs = Date.parse('2026-03-03T23:59Z');
    expect(await overdue()).toBe('0');
    nowMs = Date.parse('2026-03-04T00:00Z');
    expect(await overdue()).toBe('1');
    expect(desk().changeAction(incidentId, action!.id, { state: 'open', due: '2026-03-09' }, 'Ben')).toBe(
      true,
    );
    expect(await overdue()).toBe('0');
    nowMs = Date.parse('2026-03-20T00:00Z');
    expect(await overdue()).toBe('1');
    expect(desk().changeAction(incidentId, action!.id, { state: 'done', due: '2026-03-09' }, 'Ben')).toBe(
      true,
    );
    expect(await overdue()).toBe('0');
    expect(desk().changeAction(999, action!.id, { state: 'open', due: '2026-03-09' }, 'Eve')).toBe(false);
    expect(desk().store.openActions()).toEqual([]);
    expect(audited()).toEqual([
      'Ben postmortem.action-changed',
      'Ben postmortem.action-changed',
      'Ada postmortem.action-added',
    ]);
  });
});
