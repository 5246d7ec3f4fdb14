import { createWriteCheck } from '@aiops-sre/service-kit/files/write-check.ts';
import { answerFor } from '@aiops-sre/service-kit/http/http-error.ts';
import { type HttpServer, listen } from '@aiops-sre/service-kit/http/http-server.ts';
import express, { type ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';

import { AnalysisStore } from './analysis/analysis-store.ts';
import { linesAround } from './analysis/lines-around.ts';
import { startAnalysis } from './analysis/start-analysis.ts';
import type { ResponderConfiguration } from './configuration.ts';
import { createBoardSource } from './console/board/board-source.ts';
import { readBoard } from './console/board/read-board.ts';
import { createConsole } from './console/console-routes.ts';
import { graphRoutes } from './console/graphs/graph-routes.ts';
import { createRepositoryDispatcher } from './github/repository-dispatcher.ts';
import { actionRoutes } from './http/action-routes.ts';
import { apiRoutes } from './http/api-routes.ts';
import { auditRoutes } from './http/audit-routes.ts';
import { healthRoutes } from './http/health-routes.ts';
import { incidentRoutes } from './http/incident-routes.ts';
import { onCallApi } from './http/on-call-routes.ts';
import { operatorByToken } from './http/operator.ts';
import { securityHeaders } from './http/security-headers.ts';
import { type IncidentResponse, startIncidentResponse } from './incident-response.ts';
import { createIncidentCommand } from './incidents/command.ts';
import { createPostmortemDesk } from './incidents/postmortem-desk.ts';
import { createIntake } from './intake/intake.ts';
import { startWatchdog } from './intake/watchdog.ts';
import { registerWatchdogMetrics, registerWebhookMetrics } from './intake/webhook-metrics.ts';
import { webhookRoutes } from './intake/webhook-routes.ts';
import { openCluster } from './kubernetes/cluster-api.ts';
import { mcpRoutes } from './mcp/mcp-routes.ts';
import { startOnCall } from './on-call/start-on-call.ts';
import { registerScorecardMetrics } from './scorecard/scorecard-metrics.ts';
import { scorecardRoutes } from './scorecard/scorecard-routes.ts';
import { ClosedSessions } from './store/closed-sessions.ts';
import { openDatabase } from './store/database.ts';
import { FiringAlerts } from './store/firing-alerts.ts';
import { Heartbeats } from './store/heartbeats.ts';
import { NotificationStore } from './store/notification-store.ts';

const SHUTDOWN_GRACE_MS = 5000;

export interface Responder {
  /** `http://HOST:PORT`, with the port that was really taken. */
  readonly url: string;
  /** Answers what is under way, for 5 s at most, then closes the database. */
  close(): Promise<void>;
}

export interface ResponderOptions {
  readonly configuration: Omit<ResponderConfiguration, 'logLevel'>;
  readonly log: Logger;
}

/** @throws Error if the database can't be opened or the port can't be had. */
export async function startResponder({ configuration, log }: ResponderOptions): Promise<Responder> {
  const database = openDatabase(configuration.dataDir);
  const notifications = new NotificationStore({ database, retentionMs: configuration.retentionMs });
  notifications.prune(Date.now());
  const firingAlerts = new FiringAlerts({ database });
  const heartbeats = new Heartbeats({ database });
  const watchdog = startWatchdog({
    timeoutMs: configuration.watchdogTimeoutMs,
    lastHeardAtMs: heartbeats.lastHeardAtMs('watchdog'),
    onHeard: (atMs) => heartbeats.record('watchdog', atMs),
    onSilent: (state) =>
      log.error(
        state,
        'the Watchdog fell silent: Prometheus or Alertmanager may be down, alerts may not arrive',
      ),
    onBack: (state) => log.info(state, 'the Watchdog is heard again'),
  });

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerWatchdogMetrics(registry, watchdog);
  const metrics = registerWebhookMetrics(registry);
  let response: IncidentResponse;
  try {
    const cluster = configuration.response.cluster && (await openCluster());
    response = startIncidentResponse({
      settings: configuration.response,
      cluster,
      database,
      firingAlerts,
      told: (sinceMs) => notifications.toldSince(sinceMs),
      dispatcher: configuration.gitHub && createRepositoryDispatcher(configuration.gitHub),
      retentionMs: configuration.retentionMs,
      registry,
      log,
    });
  } catch (error) {
    watchdog.stop();
    database.close();
    throw error;
  }
  const { incidents, runs, auditLog, decisions, events, prometheus, desk, onIncidents, acknowledge } =
    response;
  const intake = createIntake({ database, notifications, firingAlerts, watchdog, desk, onIncidents, log });
  const authenticate = operatorByToken(configuration.operatorToken, (path) =>
    log.warn({ path: path.slice(0, 100) }, 'operator token refused'),
  );
  const facts = (sinceMs: number) => ({
    incidents: incidents.scored(sinceMs),
    runs: runs.recent(sinceMs),
    told: notifications.toldSince(sinceMs),
  });
  // Of notifications the gauges tell nothing.
  registerScorecardMetrics({
    registry,
    facts: () => ({ incidents: incidents.scored(0), runs: runs.recent(0), told: [] }),
  });
  const analyses = new AnalysisStore({ database });
  analyses.prune(Date.now(), configuration.retentionMs);
  const analysis =
    configuration.analysis &&
    startAnalysis({
      settings: configuration.analysis,
      findings: response.findings,
      logLines: response.loki && linesAround(response.loki),
      ...{ database, incidents, analyses, events, registry, log },
    });
  const closedSessions = new ClosedSessions({ database });
  const onCall = startOnCall({
    file: configuration.response.onCallFile,
    operatorToken: configuration.operatorToken,
    publicUrl: configuration.response.publicUrl,
    intervalMs: configuration.response.intervalMs,
    closedSessions,
    database,
    incidents,
    auditLog,
    events,
    registry,
    log,
  });
  const postmortems = createPostmortemDesk({
    database,
    incidents,
    auditLog,
    events,
    registry,
    now: Date.now,
  });
  const people = createConsole({
    onCall,
    postmortems,
    command: createIncidentCommand({ database, incidents, auditLog, events, now: Date.now }),
    publicUrl: configuration.response.publicUrl,
    board: createBoardSource({ read: (nowMs) => readBoard(prometheus, nowMs) }),
    analyses,
    judgeRoot: response.judgeRoot,
    judgeRun: response.judgeRun,
    judge: (incidentId, verdict) => analysis?.judge(incidentId, verdict) ?? false,
    incidents,
    findings: response.findings,
    grafanaUrl: configuration.response.grafanaUrl,
    schoolUrl: configuration.response.schoolUrl,
    graph: response.graph,
    runs,
    auditLog,
    decisions,
    acknowledge,
    notifications,
    firingAlerts,
    watchdog,
    events,
    closedSessions,
    log,
    runbooksDir: configuration.runbooksDir,
    operatorToken: configuration.operatorToken,
  });
  const checkStore = () => void database.prepare('SELECT 1 FROM notifications LIMIT 1').get();
  const checkDisk = createWriteCheck({ folder: configuration.dataDir });

  const answerFailure: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { status, message } = answerFor(error);
    if (status >= 500) log.error({ err: error }, 'request failed');
    response.status(status).json({ error: message });
  };

  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use('/webhook', webhookRoutes({ intake, metrics, log, webhookToken: configuration.webhookToken }));
  app.use(
    '/api',
    apiRoutes({ notifications, firingAlerts }),
    incidentRoutes({
      incidents,
      runs,
      findings: response.findings,
      authenticate,
      acknowledge,
      judgeRoot: response.judgeRoot,
      postmortem: (incidentId) => postmortems.read(incidentId)?.markdown,
    }),
    actionRoutes({ runs, decisions, judgeRun: response.judgeRun, authenticate }),
    auditRoutes({ auditLog }),
    graphRoutes({ incidents, prometheus, grafanaUrl: configuration.response.grafanaUrl, log }),
    scorecardRoutes({ facts, analyses, graph: response.graph, prometheus }),
    onCallApi({ onCall }),
  );
  if (configuration.mcpToken !== undefined)
    app.use(
      mcpRoutes({
        token: configuration.mcpToken,
        sources: { ...response, runbooksDir: configuration.runbooksDir },
        log,
      }),
    );
  app.use(healthRoutes({ watchdog, registry, checkStore, checkDisk }));
  app.use(people.router);
  app.use((_request, response) => {
    response.status(404).json({ error: 'no such page' });
  });
  app.use(answerFailure);

  let server: HttpServer;
  try {
    const { host, port, names } = configuration;
    // Alertmanager opens a connection for each group that it notifies at the same moment.
    server = await listen({ handler: app, host, port, names, maxConnections: 2048 });
  } catch (error) {
    watchdog.stop();
    people.close();
    await Promise.all([response.stop(), analysis?.stop(), onCall.stop()]);
    database.close();
    throw error;
  }
  return {
    url: server.url,
    async close() {
      watchdog.stop();
      people.close();
      await server.close(SHUTDOWN_GRACE_MS);
      await Promise.all([response.stop(), analysis?.stop(), onCall.stop()]);
      database.close();
    },
  };
}
