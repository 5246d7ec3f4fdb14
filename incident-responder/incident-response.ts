import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import { tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import { createAlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { type BackendClient, createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import {
  createPrometheusClient,
  type PrometheusClient,
} from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createReconciler } from './alertmanager/reconciler.ts';
import { createRootTeller } from './alertmanager/root-teller.ts';
import { createTicketFolding } from './alertmanager/ticket-folding.ts';
import { AuditLog } from './audit/audit-log.ts';
import { createEventFeed, type EventFeed } from './event-feed.ts';
import { NO_EVIDENCE } from './evidence/evidence.ts';
import { readEvidenceQueries } from './evidence/evidence-queries.ts';
import { gatherEvidence } from './evidence/gather-evidence.ts';
import { FindingsStore } from './findings/findings-store.ts';
import { investigate } from './findings/investigate.ts';
import { createInvestigator } from './findings/investigator.ts';
import { openFlagFile } from './flags/flag-file.ts';
import { createFlagWatch } from './flags/flag-watch.ts';
import type { RepositoryDispatcher } from './github/repository-dispatcher.ts';
import { createAcknowledge } from './incidents/acknowledge.ts';
import { createAssessmentQueue } from './incidents/assessment-queue.ts';
import { createAssessor } from './incidents/assessor.ts';
import { isContext } from './incidents/context-alerts.ts';
import type { Incident } from './incidents/incident.ts';
import { createIncidentDesk, type IncidentDesk } from './incidents/incident-desk.ts';
import { registerIncidentMetrics } from './incidents/incident-metrics.ts';
import { IncidentStore } from './incidents/incident-store.ts';
import { createJudgeRoot, type JudgeRoot } from './incidents/judge-root.ts';
import { createPostmortemWriter } from './incidents/postmortem-writer.ts';
import { readAlertMapping } from './intake/alert-mapping.ts';
import type { NotifiedAlert } from './intake/alertmanager-payload.ts';
import { withPlausibleTimes } from './intake/plausible-times.ts';
import type { ClusterApi } from './kubernetes/cluster-api.ts';
import { openFlagMap } from './kubernetes/flag-map.ts';
import { startOperator } from './kubernetes/operator.ts';
import { startPeriodicWork } from './periodic-work.ts';
import type { ActionDefinition } from './remediation/action-definition.ts';
import { ActionRunStore } from './remediation/action-run-store.ts';
import { createActionRunner } from './remediation/action-runner.ts';
import { createDecisions, type Decisions } from './remediation/decisions.ts';
import { createJudgeRun, type JudgeRun } from './remediation/judge-run.ts';
import { loadActions } from './remediation/load-actions.ts';
import { createRemediator, type Remediator } from './remediation/remediator.ts';
import { createRunJournal } from './remediation/run-journal.ts';
import type { ResponseSettings } from './response-settings.ts';
import { inTransaction } from './store/database.ts';
import type { FiringAlerts } from './store/firing-alerts.ts';
import type { NotificationStore } from './store/notification-store.ts';
import type { ServiceGraph } from './topology/service-graph.ts';
import { createServiceGraphSource } from './topology/service-graph-source.ts';
import { tracedEdges } from './topology/traced-edges.ts';

const QUERY_TIMEOUT_MS = 5000;
/** Of Tempo and Loki: the rest of the responder goes on meanwhile, and a large trace must not take it down. */
const INVESTIGATION_LIMITS = { timeoutMs: 10_000, maxAnswerBytes: 8 * 1024 * 1024, concurrency: 4 };
/** Each assessment asks Prometheus a dozen queries. */
const BETWEEN_ASSESSMENTS_MS = 250;
/** A resolved incident may still call for actions that take others back. */
const FOLLOWED_UP_MS = 3_600_000;
/** Incidents assessed in one round, newest first. */
const MAX_ASSESSED = 20;

export interface IncidentResponse {
  readonly incidents: IncidentStore;
  readonly runs: ActionRunStore;
  readonly findings: FindingsStore;
  readonly auditLog: AuditLog;
  readonly decisions: Decisions;
  readonly events: EventFeed;
  readonly graph: () => ServiceGraph;
  readonly actions: ReadonlyMap<string, ActionDefinition>;
  readonly propose: Remediator['propose'];
  /** For questions of people's assistants, which wait for each other and for nothing else; undefined where there is none. */
  readonly tempo: BackendClient | undefined;
  readonly loki: BackendClient | undefined;
  readonly prometheus: PrometheusClient;
  readonly desk: IncidentDesk;
  /** Tells of incidents that opened or changed; returns at once. */
  readonly onIncidents: (incidentIds: readonly number[]) => void;
  acknowledge(incidentId: number, by: string): boolean;
  readonly judgeRoot: JudgeRoot;
  readonly judgeRun: JudgeRun;
  /** Interrupts runs, which the next start goes on with. */
  stop(): Promise<void>;
}

export interface IncidentResponseOptions {
  readonly settings: ResponseSettings;
  /** Where the settings name one. */
  readonly cluster?: ClusterApi | undefined;
  readonly database: DatabaseSync;
  readonly firingAlerts: FiringAlerts;
  /** What was notified since then. */
  readonly told: NotificationStore['toldSince'];
  readonly dispatcher: Pick<RepositoryDispatcher, 'dispatch'> | undefined;
  readonly retentionMs: number;
  readonly registry: Registry;
  readonly log: Logger;
  readonly now?: () => number;
}

/** @throws Error if an action's file, the alert mapping or the evidence queries are wrong. */
export function startIncidentResponse(options: IncidentResponseOptions): IncidentResponse {
  const { settings, database, firingAlerts, told, registry, log, now = Date.now } = options;
  const actions = loadActions(settings.actionsDir);
  const stopping = new AbortController();
  const events = createEventFeed();
  const incidents = new IncidentStore({ database });
  const runs = new ActionRunStore({ database });
  const findings = new FindingsStore({ database });
  const auditLog = new AuditLog({ database });
  const prometheus = createPrometheusClient({
    url: settings.prometheusUrl,
    timeoutMs: QUERY_TIMEOUT_MS,
    login: settings.backendLogin,
  });
  const alertmanager = createAlertmanagerClient({
    url: settings.alertmanagerUrl,
    timeoutMs: QUERY_TIMEOUT_MS,
    login: settings.backendLogin,
  });
  const askable = (name: string, url: string | undefined) =>
    url === undefined ? undefined : createBackendClient({ ...INVESTIGATION_LIMITS, name, url });
  const traces = askable('Tempo', settings.tempoUrl);
  const graphSource = createServiceGraphSource({
    prometheus,
    database,
    traced: traces && (() => tracedEdges(tempo(traces), now() / 1000)),
    log,
    now,
  });
  const graph = graphSource.current;
  const { cluster } = options;
  const inCluster = settings.cluster?.flags;
  const flags = cluster && inCluster ? openFlagMap(cluster, inCluster) : openFlagFile(settings.flagsFile);
  const flagWatch = createFlagWatch({ file: flags, database, log, now });
  const metrics = registerIncidentMetrics({ registry, incidents, actionNames: [...actions.keys()] });
  const desk = createIncidentDesk({
    incidents,
    auditLog,
    graph,
    mapping: readAlertMapping(settings.alertMappingFile),
  });
  const queries = readEvidenceQueries(settings.evidenceFile);
  const evidenceOptions = { queries, prometheus, flagChanges: flagWatch.changes, now };
  /** What is asked here, and done, is of another cluster. */
  const isElsewhere = ({ cluster: its }: Incident) =>
    settings.clusterName !== undefined && its !== undefined && its !== settings.clusterName;
  const gather = async (incident: Incident) =>
    isElsewhere(incident)
      ? { ...NO_EVIDENCE, missing: [`what cluster ${incident.cluster} knows`] }
      : await gatherEvidence(evidenceOptions, incident.startedAtMs);
  const assessor = createAssessor({
    database,
    incidents,
    events,
    graph,
    gather,
    findingsOf: (id) => findings.get(id),
    grafanaUrl: settings.grafanaUrl,
    log,
    now,
  });
  const sources = {
    prometheus,
    tempo: traces,
    loki: askable('Loki', settings.lokiUrl),
  };
  const investigator = createInvestigator({
    incident: (id) => incidents.get(id),
    alerts: (id) => incidents.alerts(id, 100).filter((alert) => !isContext(alert)),
    investigate: (question) => investigate(sources, question),
    found(id, found) {
      if (incidents.get(id) === undefined) return;
      findings.put(id, found);
      onIncidents([id]);
    },
    latest: (id) => findings.get(id),
    log,
    now,
  });
  const writePostmortem = createPostmortemWriter({
    incidents,
    runs,
    findings,
    prometheus,
    baseUrl: settings.publicUrl,
  });
  const journal = createRunJournal({
    database,
    runs,
    incidents,
    auditLog,
    events,
    now,
    onRecorded: (run) => {
      metrics.runRecorded(run);
      // The next action may have waited for it, and a postmortem that is written already lacks it.
      if (run.endedAtMs !== null) onIncidents([run.incidentId]);
      log.info(
        {
          incidentId: run.incidentId,
          actionRunId: run.id,
          action: run.action,
          state: run.state,
          reason: run.reason,
        },
        'action',
      );
    },
  });
  const operator =
    cluster &&
    settings.cluster?.lease &&
    startOperator({
      api: cluster,
      settings: { ...settings.cluster, lease: settings.cluster.lease },
      identity: `${hostname()}_${randomUUID()}`,
      firing: () => firingInIncidents().filter(({ source }) => source === 'kubernetes'),
      tell: (alerts, atMs) =>
        file(
          alerts.map((alert) => ({ alert, receiver: 'kubernetes' })),
          atMs,
        ),
      registry,
      log,
      now,
      intervalMs: settings.intervalMs,
    });
  const runner = createActionRunner({
    database,
    runs,
    incidents,
    journal,
    prometheus,
    signal: stopping.signal,
    now,
    verifyEveryMs: settings.verifyEveryMs,
    means: {
      flags,
      onFlagChange: flagWatch.expectOwn,
      alertmanager,
      dispatcher: options.dispatcher,
      onDispatched: (eventType) => metrics.dispatched(eventType, now()),
      dispatchDryRun: settings.dispatchDryRun,
      instances: settings.restartableInstances,
      restartToken: settings.restartToken,
      cluster:
        operator && cluster && settings.cluster
          ? { api: cluster, namespaces: settings.cluster.namespaces, leads: operator.leads }
          : undefined,
    },
  });
  const remediator = createRemediator({ actions, incidents, runs, journal, runner, prometheus, log, now });

  async function lookAt(incidentId: number): Promise<void> {
    const incident = await assessor.assess(incidentId);
    if (incident === undefined || stopping.signal.aborted) return;
    if (!isElsewhere(incident)) {
      if (sources.tempo !== undefined || sources.loki !== undefined) investigator.consider(incidentId);
      await remediator.consider(incidentId);
    }
    const after = incidents.get(incidentId) ?? incident;
    metrics.observe(after);
    if (after.status === 'resolved') await writePostmortem(incidentId);
  }

  function onIncidents(incidentIds: readonly number[]): void {
    for (const id of incidentIds) {
      events.publish({ topic: 'incident', id });
      const incident = incidents.get(id);
      if (incident !== undefined) metrics.observe(incident);
    }
    queue.add(incidentIds);
  }
  const queue = createAssessmentQueue({
    lookAt,
    pauseMs: BETWEEN_ASSESSMENTS_MS,
    signal: stopping.signal,
    log,
  });

  const firingInIncidents = (): NotifiedAlert[] =>
    incidents
      .firingAlerts()
      .map(({ receivedAtMs: _received, role: _role, severity: _severity, ...alert }) => ({
        ...alert,
        generatorURL: '',
      }));
  function file(
    changes: readonly { readonly alert: NotifiedAlert; readonly receiver: string }[],
    atMs: number,
  ) {
    const incidentIds = inTransaction(database, () => {
      const alerts = changes.map(({ alert, receiver }) => {
        const known = firingAlerts.startOf(alert.fingerprint);
        const plausible = withPlausibleTimes(alert, atMs, known);
        firingAlerts.reconcile(plausible, receiver, atMs);
        return plausible;
      });
      return desk.take(alerts, atMs);
    });
    onIncidents(incidentIds);
  }
  const reconciler = createReconciler({
    alertmanager,
    firingAlerts,
    firingInIncidents: () => firingInIncidents().map((alert) => ({ fingerprint: alert.fingerprint, alert })),
    file,
    log,
    now,
  });

  const stopped = startPeriodicWork({
    intervalMs: settings.intervalMs,
    signal: stopping.signal,
    log,
    work: {
      graph: graphSource.refresh,
      flags: flagWatch.poll,
      reconcile: reconciler.reconcile,
      tellRoots: createRootTeller({ alertmanager, incidents, log, now }),
      fold: createTicketFolding({ alertmanager, incidents, told, log, now }),
      tick: async () => remediator.tick(),
      assess: async () => {
        for (const { id } of incidents.unresolved().reverse().slice(0, MAX_ASSESSED)) await lookAt(id);
        // What takes an action back may still have to wait its turn.
        for (const { id, resolvedAtMs } of incidents.list({ status: 'resolved', limit: MAX_ASSESSED }))
          if ((resolvedAtMs ?? 0) > now() - FOLLOWED_UP_MS) await remediator.consider(id);
      },
      housekeeping: async () => {
        incidents.prune(now(), options.retentionMs);
        const verdict = auditLog.verify();
        metrics.chainVerified(verdict.intact);
        if (!verdict.intact) log.error(verdict, "the audit log's hash chain is broken");
      },
    },
  });
  remediator.resume();

  return {
    incidents,
    runs,
    findings,
    auditLog,
    decisions: createDecisions({ database, runs, incidents, auditLog, events }),
    events,
    graph,
    actions,
    async propose(proposal) {
      const incident = incidents.get(proposal.incidentId);
      if (incident !== undefined && isElsewhere(incident))
        return {
          refused: `it is of cluster ${incident.cluster}, and this responder acts in ${settings.clusterName}`,
        };
      return await remediator.propose(proposal);
    },
    tempo: askable('Tempo', settings.tempoUrl),
    loki: askable('Loki', settings.lokiUrl),
    prometheus,
    desk,
    onIncidents,
    acknowledge: createAcknowledge({ database, incidents, auditLog, events, now }),
    judgeRoot: createJudgeRoot({ database, incidents, auditLog, events, now }),
    judgeRun: createJudgeRun({ database, runs, incidents, auditLog, events, now }),
    async stop() {
      stopping.abort();
      await Promise.all([operator?.stop(), stopped, queue.idle(), remediator.idle(), investigator.close()]);
    },
  };
}
