import type { DatabaseSync } from 'node:sqlite';
import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Logger } from 'pino';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import type { Incident } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { inTransaction } from '../store/database.ts';
import type { AcknowledgeLinks } from './acknowledge-link.ts';
import { type Channels, CLOSED_KINDS, type PageMessage } from './channels.ts';
import type { Page, PageStore } from './page-store.ts';
import type { Channel, Roster, Step } from './roster.ts';
import type { RosterSource, Scheduling } from './roster-source.ts';

/** The last step is taken again and again, for so long. */
const AGAIN_MS = 15 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const ATTEMPTS = 3;
/** The first message says the probable root, where there is one by then. */
const RANKED_WITHIN_MS = 5000;

export interface Pager {
  /** Tells whoever is to be told now, and closes what others would page on. */
  tick(): Promise<void>;
}

export interface PagerOptions {
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly pages: PageStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly rosters: RosterSource;
  readonly channels: Channels;
  /** undefined: nobody can acknowledge by a link. */
  readonly links: AcknowledgeLinks | undefined;
  readonly publicUrl: string;
  readonly onSent: (kind: Channel['kind'], outcome: 'sent' | 'failed') => void;
  readonly log: Logger;
  readonly now: () => number;
}

/** A person took it on; that the responder acts is no reason for nobody to look. */
const isTakenOn = ({ acknowledgedBy }: Incident) => acknowledgedBy !== null && acknowledgedBy !== 'responder';

/**
 * Tells people on call of open incidents, step by step, until one of them takes it on. What was sent is in the database,
 * so that a restart neither forgets a step nor begins anew; one that came in the middle of a message may send it twice.
 */
export function createPager(options: PagerOptions): Pager {
  const { database, incidents, pages, auditLog, events, rosters, channels, links, publicUrl, log, now } =
    options;
  const underWay = new Set<number>();

  return {
    async tick() {
      await rosters.refresh();
      const { roster, scheduling } = rosters.current();
      if (roster === undefined || scheduling === undefined) return;
      await Promise.all([
        ...incidents
          .unresolved()
          .filter(
            (incident) => incident.status === 'open' && !isTakenOn(incident) && !underWay.has(incident.id),
          )
          .map(async (incident) => {
            underWay.add(incident.id);
            try {
              await escalate(incident, roster, scheduling);
            } finally {
              underWay.delete(incident.id);
            }
          }),
        closeEnded(),
      ]);
    },
  };

  async function escalate(incident: Incident, roster: Roster, { notified }: Scheduling): Promise<void> {
    const steps = roster.escalation[incident.severity] ?? [];
    const due = dueStep(steps, incident, pages.ofIncident(incident.id), now());
    const step = due === undefined ? undefined : steps[Math.min(due, steps.length - 1)];
    if (due === undefined || step === undefined) return;
    const people = notified(roster, step.notify, now());
    if (people.length === 0) {
      const text = `Nobody is on call for step ${due + 1} (${step.notify.join(', ')}).`;
      record(incident.id, text, [{ step: due, person: null, kind: null, file: null, outcome: 'nobody' }]);
      log.error({ incidentId: incident.id, step: due + 1 }, 'nobody is on call');
      return;
    }
    const results = (
      await Promise.all(
        people.flatMap((person) =>
          roster.people[person]!.channels.map(async (channel) => ({
            step: due,
            person,
            kind: channel.kind,
            file: channel.file,
            problem: await send(channel, messageFor(incident, due, steps, person, roster)),
          })),
        ),
      )
    ).map(({ problem, ...page }) => ({
      ...page,
      problem,
      outcome: problem === undefined ? ('sent' as const) : ('failed' as const),
    }));
    for (const { kind, outcome, person, problem } of results) {
      options.onSent(kind, outcome);
      if (problem !== undefined)
        log.error({ incidentId: incident.id, person, kind, reason: problem }, 'page not sent');
    }
    const told = people.map((person) => {
      const own = results.filter((page) => page.person === person);
      const ways = (outcome: Page['outcome']) =>
        own
          .filter((page) => page.outcome === outcome)
          .map(({ kind }) => kind)
          .join(' and ');
      const { name } = roster.people[person]!;
      return ways('sent') === ''
        ? `${name} could not be reached by ${ways('failed')}`
        : `${name} by ${ways('sent')}`;
    });
    record(incident.id, `Step ${due + 1}: told ${told.join(', ')}.`, results);
  }

  function messageFor(
    incident: Incident,
    due: number,
    steps: readonly Step[],
    person: string,
    roster: Roster,
  ): PageMessage {
    const { id, title, severity, services, hypotheses, startedAtMs } = incident;
    const { name } = roster.people[person]!;
    const next = steps[due + 1];
    const root = hypotheses[0];
    return {
      // Each person has an alert of their own at a pager service.
      key: `${publicUrl}/incidents/${id}/${person}`,
      urgent: true,
      title: `${severity}: ${title}`,
      text: [
        // First of all: more than that a lock screen does not show.
        root === undefined
          ? 'No probable root yet.'
          : `Probably: ${root.summary} (${Math.round(root.confidence * 100)} %).`,
        `${name}, you are on call. ${services.join(', ')}, for ${duration(Math.max(0, now() - startedAtMs))}.`,
        ...(next === undefined
          ? []
          : [`Unless somebody takes it on, ${next.notify.join(', ')} will be told next.`]),
      ].join('\n'),
      incidentUrl: `${publicUrl}/incidents/${id}`,
      acknowledgeUrl: links && `${publicUrl}/acknowledge/${links.open(id, name, now())}`,
    };
  }

  /** @returns what went wrong in the end */
  async function send(channel: Channel, message: PageMessage): Promise<string | undefined> {
    let problem = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++)
      try {
        await channels.open(channel, message);
        return undefined;
      } catch (error) {
        problem = (error as Error).message;
      }
    return problem;
  }

  function record(
    incidentId: number,
    text: string,
    sent: readonly Omit<Page, 'id' | 'incidentId' | 'atMs'>[],
  ): void {
    inTransaction(database, () => {
      const atMs = now();
      for (const { step, person, kind, file, outcome } of sent)
        pages.add({ incidentId, step, person, kind, file, outcome, atMs });
      incidents.addToTimeline(incidentId, { atMs, kind: 'paged', text });
      auditLog.append({
        atMs,
        actor: 'responder',
        event: 'incident.paged',
        incidentId,
        actionRunId: null,
        detail: { text },
      });
    });
    events.publish({ topic: 'incident', id: incidentId });
  }

  async function closeEnded(): Promise<void> {
    for (const { id, incidentId, kind, file, person } of pages.unclosed(CLOSED_KINDS)) {
      const incident = incidents.get(incidentId);
      if (incident !== undefined && incident.status === 'open' && !isTakenOn(incident)) continue;
      // Whether or not that went well: nothing goes on from it.
      pages.setClosed(id);
      await channels
        .close({ kind: kind!, file: file! }, `${publicUrl}/incidents/${incidentId}/${person}`)
        .catch((error: Error) => log.warn({ incidentId, kind, reason: error.message }, 'page not closed'));
    }
  }
}

/**
 * The step that is due now: those after the first by their distance to it from when that was taken, so that a severity that
 * was raised late begins with the first; at once where the one before reached nobody.
 */
function dueStep(
  steps: readonly Step[],
  incident: Incident,
  taken: readonly Page[],
  nowMs: number,
): number | undefined {
  const [first] = steps;
  if (first === undefined) return undefined;
  const earliest = taken[0];
  if (earliest === undefined) {
    const waits = incident.hypotheses.length === 0 ? Math.max(first.after, RANKED_WITHIN_MS) : first.after;
    return nowMs >= incident.detectedAtMs + waits ? 0 : undefined;
  }
  const last = Math.max(...taken.map(({ step }) => step));
  const lastPages = taken.filter(({ step }) => step === last);
  const next = last + 1;
  const lastAtMs = Math.max(...lastPages.map(({ atMs }) => atMs));
  if (next < steps.length) {
    const reached = lastPages.some(({ outcome }) => outcome === 'sent');
    return !reached || nowMs >= earliest.atMs + steps[next]!.after - first.after ? next : undefined;
  }
  return nowMs >= lastAtMs + AGAIN_MS && nowMs < earliest.atMs + LONGEST_MS ? next : undefined;
}
