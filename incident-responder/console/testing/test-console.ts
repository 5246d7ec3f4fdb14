import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { AnalysisStore } from '../../analysis/analysis-store.ts';
import { AuditLog } from '../../audit/audit-log.ts';
import { createEventFeed, type EventFeed } from '../../event-feed.ts';
import { FindingsStore } from '../../findings/findings-store.ts';
import { incidentRoutes } from '../../http/incident-routes.ts';
import { securityHeaders } from '../../http/security-headers.ts';
import { createIncidentCommand } from '../../incidents/command.ts';
import { IncidentStore } from '../../incidents/incident-store.ts';
import { createJudgeRoot } from '../../incidents/judge-root.ts';
import { createPostmortemDesk } from '../../incidents/postmortem-desk.ts';
import { startWatchdog } from '../../intake/watchdog.ts';
import { startOnCall } from '../../on-call/start-on-call.ts';
import { ActionRunStore } from '../../remediation/action-run-store.ts';
import { createDecisions } from '../../remediation/decisions.ts';
import { createJudgeRun } from '../../remediation/judge-run.ts';
import { ClosedSessions } from '../../store/closed-sessions.ts';
import { openDatabase } from '../../store/database.ts';
import { FiringAlerts } from '../../store/firing-alerts.ts';
import { NotificationStore } from '../../store/notification-store.ts';
import { serviceGraph } from '../../topology/service-graph.ts';
import { createBoardSource } from '../board/board-source.ts';
import { type BoardReader, readBoard } from '../board/read-board.ts';
import { createConsole } from '../console-routes.ts';
import { graphRoutes } from '../graphs/graph-routes.ts';
import type { RangeReader } from '../graphs/incident-graphs.ts';
import type { ExampleStores } from './example-incident.ts';

export const OPERATOR_TOKEN = 'an-operator-token-for-tests';

export interface TestConsole extends ExampleStores {
  readonly url: string;
  readonly analyses: AnalysisStore;
  readonly events: EventFeed;
  close(): Promise<void>;
}

const refuse = async () => {
  throw new Error('connect ECONNREFUSED');
};
const DEAD: BoardReader = { query: refuse, queryRange: refuse };

/** The console over real stores, without what fills them: tests put in what they want to see. */
export async function startTestConsole(
  options: {
    readonly operatorToken?: string | undefined;
    readonly prometheus?: RangeReader & Partial<BoardReader>;
    readonly runbooksDir?: string;
    readonly port?: number;
    readonly onCallFile?: string;
  } = {},
): Promise<TestConsole> {
  const dataDir = mkdtempSync(join(tmpdir(), 'console-'));
  const database = openDatabase(dataDir);
  const incidents = new IncidentStore({ database });
  const runs = new ActionRunStore({ database });
  const findings = new FindingsStore({ database });
  const auditLog = new AuditLog({ database });
  const analyses = new AnalysisStore({ database });
  const events = createEventFeed();
  const watchdog = startWatchdog({
    timeoutMs: 180_000,
    lastHeardAtMs: Date.now(),
    onHeard() {},
    onSilent() {},
    onBack() {},
  });
  const judgeRoot = createJudgeRoot({ database, incidents, auditLog, events, now: Date.now });
  const closedSessions = new ClosedSessions({ database });
  const onCall = startOnCall({
    file: options.onCallFile,
    operatorToken: OPERATOR_TOKEN,
    publicUrl: 'http://127.0.0.1:8091',
    closedSessions,
    database,
    incidents,
    auditLog,
    events,
    registry: new Registry(),
    log: pino({ level: 'silent' }),
    channels: { open: async () => undefined, close: async () => undefined },
  });
  const postmortems = createPostmortemDesk({
    database,
    incidents,
    auditLog,
    events,
    registry: new Registry(),
    now: Date.now,
  });
  const people = createConsole({
    onCall,
    postmortems,
    command: createIncidentCommand({ database, incidents, auditLog, events, now: Date.now }),
    publicUrl: 'http://127.0.0.1:8091',
    board: createBoardSource({ read: (nowMs) => readBoard({ ...DEAD, ...options.prometheus }, nowMs) }),
    analyses,
    judgeRoot,
    judgeRun: createJudgeRun({ database, runs, incidents, auditLog, events, now: Date.now }),
    judge: (incidentId, verdict) => analyses.judge(incidentId, verdict),
    incidents,
    findings,
    grafanaUrl: 'http://127.0.0.1:3001',
    schoolUrl: 'http://127.0.0.1:8092',
    graph: () =>
      serviceGraph([
        { client: 'traffic', server: 'storefront' },
        { client: 'storefront', server: 'identity' },
      ]),
    runs,
    auditLog,
    decisions: createDecisions({ database, runs, incidents, auditLog, events }),
    acknowledge(incidentId, by) {
      if (incidents.get(incidentId) === undefined) return false;
      incidents.change(incidentId, { acknowledgedAtMs: Date.now(), acknowledgedBy: by });
      events.publish({ topic: 'incident', id: incidentId });
      return true;
    },
    notifications: new NotificationStore({ database, retentionMs: 86_400_000 }),
    firingAlerts: new FiringAlerts({ database }),
    watchdog,
    events,
    closedSessions,
    log: pino({ level: 'silent' }),
    runbooksDir: options.runbooksDir ?? join(dataDir, 'no-runbooks'),
    operatorToken: 'operatorToken' in options ? options.operatorToken : OPERATOR_TOKEN,
  });
  const app = express();
  app.use(securityHeaders);
  app.use(
    '/api',
    incidentRoutes({
      incidents,
      runs,
      findings,
      authenticate: () => undefined,
      acknowledge: () => false,
      judgeRoot,
      postmortem: (incidentId) => postmortems.read(incidentId)?.markdown,
    }),
    graphRoutes({ incidents, prometheus: options.prometheus, log: pino({ level: 'silent' }) }),
  );
  app.use(people.router);
  const server = createServer(app);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    incidents,
    findings,
    runs,
    auditLog,
    analyses,
    events,
    async close() {
      people.close();
      watchdog.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await onCall.stop();
      database.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
