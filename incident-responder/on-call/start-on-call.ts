import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import { INCIDENT_SEVERITIES, type IncidentSeverity } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { repeat } from '../repeat.ts';
import type { ClosedSessions } from '../store/closed-sessions.ts';
import { type AcknowledgeLinks, createAcknowledgeLinks } from './acknowledge-link.ts';
import { type Channels, createChannels, type PageMessage } from './channels.ts';
import { PageStore } from './page-store.ts';
import { createPager } from './pager.ts';
import { CHANNEL_KINDS } from './roster.ts';
import { createRosterSource, type KnownRoster } from './roster-source.ts';

const EVERY_MS = 1000;

export interface OnCall {
  current(): KnownRoster;
  readonly pages: PageStore;
  /** undefined: nobody can acknowledge by a link. */
  readonly links: AcknowledgeLinks | undefined;
  /** Tells a receiver of the roster how far an incident is. @returns what went wrong */
  sendStatus(receiver: string, message: PageMessage): Promise<string | undefined>;
  /** Severities whose first step tells nobody at a moment. */
  uncovered(atMs: number): readonly IncidentSeverity[];
  stop(): Promise<void>;
}

export interface OnCallOptions {
  /** undefined: nobody is ever on call. */
  readonly file: string | undefined;
  readonly operatorToken: string | undefined;
  readonly publicUrl: string;
  readonly intervalMs?: number | undefined;
  readonly closedSessions: ClosedSessions;
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly registry: Registry;
  readonly log: Logger;
  readonly now?: () => number;
  /** In place of those that send. */
  readonly channels?: Channels;
}

/** Reads the roster, and tells people on call of incidents that nobody has taken on. */
export function startOnCall(options: OnCallOptions): OnCall {
  const { file, operatorToken, closedSessions, database, registry, log, now = Date.now } = options;
  const stopping = new AbortController();
  const rosters = createRosterSource({ file, log });
  const pages = new PageStore({ database });
  const channels = options.channels ?? createChannels(dirname(file ?? '.'));
  const links =
    operatorToken === undefined ? undefined : createAcknowledgeLinks(operatorToken, closedSessions);
  const sent = new Counter({
    name: METRICS.onCallNotifications,
    help: 'Messages to people on call, by channel and whether they were sent',
    labelNames: ['channel', 'outcome'] as const,
    registers: [registry],
  });
  for (const channel of CHANNEL_KINDS)
    for (const outcome of ['sent', 'failed']) sent.inc({ channel, outcome }, 0);
  const pager = createPager({
    ...options,
    now,
    pages,
    rosters,
    links,
    channels,
    onSent: (channel, outcome) => sent.inc({ channel, outcome }),
  });

  function uncovered(atMs: number): readonly IncidentSeverity[] {
    const { roster, scheduling } = rosters.current();
    if (roster === undefined || scheduling === undefined) return [];
    return INCIDENT_SEVERITIES.filter((severity) => {
      const first = roster.escalation[severity]?.[0];
      return first !== undefined && scheduling.notified(roster, first.notify, atMs).length === 0;
    });
  }
  new Gauge({
    name: METRICS.onCallProblems,
    help: '1 while nobody would be told of an incident first, and while the roster is broken',
    labelNames: ['problem'] as const,
    registers: [registry],
    collect() {
      this.set({ problem: 'nobody' }, uncovered(now()).length > 0 ? 1 : 0);
      this.set({ problem: 'roster' }, rosters.current().problem === undefined ? 0 : 1);
    },
  });
  const stopped = repeat({
    everyMs: options.intervalMs ?? EVERY_MS,
    work: pager.tick,
    signal: stopping.signal,
    onError: (error) => log.error({ err: error }, 'paging failed'),
  });
  return {
    current: rosters.current,
    pages,
    links,
    async sendStatus(receiver, message) {
      const channel = rosters.current().roster?.status[receiver];
      if (channel === undefined) return 'no such receiver';
      try {
        await channels.open(channel, message);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
    uncovered,
    async stop() {
      stopping.abort();
      await stopped;
    },
  };
}
