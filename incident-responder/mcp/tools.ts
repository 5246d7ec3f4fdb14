import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import { diagnose, type Finding } from '@aiops-sre/investigation/diagnose.ts';
import { readLines } from '@aiops-sre/investigation/logs/loki-lines.ts';
import { templateChanges } from '@aiops-sre/investigation/logs/template-changes.ts';
import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Sample } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { z } from 'zod';
import { redact } from '../analysis/redact.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { readRunbook, runbookNames } from '../console/runbooks.ts';
import type { FindingsStore } from '../findings/findings-store.ts';
import {
  actionRunJson,
  auditEntryJson,
  findingsJson,
  incidentAlertJson,
  incidentJson,
  similarIncidentJson,
  timelineEntryJson,
} from '../http/json-view.ts';
import { INCIDENT_STATUSES, type Incident } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { similarIncidents } from '../incidents/similar-incidents.ts';
import type { ActionDefinition } from '../remediation/action-definition.ts';
import type { ActionRunStore } from '../remediation/action-run-store.ts';
import type { Remediator } from '../remediation/remediator.ts';
import { told, toldLines } from './told.ts';

/** Who proposes, in timeline and audit log. */
const ASSISTANT = 'assistant';
const TRACES_PER_GROUP = 30;
const LONGEST_REASON = 300;
const MOST_ALERTS = 20;
const MOST_TIMELINE = 40;

export interface ToolSources {
  readonly incidents: IncidentStore;
  readonly runs: ActionRunStore;
  readonly findings: FindingsStore;
  readonly auditLog: AuditLog;
  readonly actions: ReadonlyMap<string, ActionDefinition>;
  readonly propose: Remediator['propose'];
  readonly prometheus: PrometheusClient;
  readonly tempo: BackendClient | undefined;
  readonly loki: BackendClient | undefined;
  readonly runbooksDir: string;
  readonly now?: () => number;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** Whether it only reads. */
  readonly reads: boolean;
  /** @returns what an assistant is told, bounded and redacted. @throws {Error} whose message it may read */
  call(input: unknown): Promise<string>;
}

const id = z.int().positive();
const limit = z.int().min(1).max(50).default(20);
const minutes = z.int().min(1).max(60).default(15).describe('back from now');
const service = z.string().min(1).max(128);

/** What an assistant may ask about, and the one thing that it may ask for. */
export function createTools(sources: ToolSources): readonly Tool[] {
  const { incidents, runs, findings, auditLog, actions, prometheus, runbooksDir, now = Date.now } = sources;

  function incidentOf(incidentId: number): Incident {
    const incident = incidents.get(incidentId);
    if (incident === undefined)
      throw new Error(`no incident ${incidentId}: list_incidents names those there are`);
    return incident;
  }

  return [
    reading(
      'list_incidents',
      'Incidents, newest first: severity, status, services, times and the probable root with its confidence.',
      z.strictObject({
        status: z.enum(INCIDENT_STATUSES).optional(),
        before: id.optional().describe('only older ones than this id'),
        limit,
      }),
      (query) =>
        told({
          incidents: incidents.list(query).map((incident) => {
            const { hypotheses, ...rest } = incidentJson(incident);
            return { ...rest, probableRoot: rootOf(hypotheses[0]) };
          }),
        }),
    ),
    reading(
      'get_incident',
      'One incident: ranked roots with the reasons for each, what traces and logs say of it, similar ones of the past with what helped, alerts, timeline, actions.',
      z.strictObject({ id }),
      (query) => {
        const incident = incidentOf(query.id);
        const timeline = incidents.timeline(incident.id);
        return told({
          incident: incidentJson(incident),
          findings: findingsJson(findings.get(incident.id)),
          similar: similarIncidents(incident, { incidents, runs, findings }).map(similarIncidentJson),
          alerts: incidents.alerts(incident.id, MOST_ALERTS).map(incidentAlertJson),
          timeline: timeline.slice(-MOST_TIMELINE).map(timelineEntryJson),
          actions: runs.list({ incidentId: incident.id, limit: MOST_ALERTS }).map(actionRunJson),
          hasPostmortem: incidents.postmortem(incident.id) !== undefined,
        });
      },
    ),
    reading(
      'slo_budgets',
      'Error budgets of every SLO: what is left of the period (1: all of it, negative: overspent), how fast it burns now (1: just used up at its end), and the objective.',
      z.strictObject({}),
      async () => {
        const keyOf = ({ labels }: Sample) => `${labels.service} ${labels.slo}`;
        const valuesOf = async (series: string) =>
          new Map((await prometheus.query(series)).map((sample) => [keyOf(sample), sample.value]));
        const [left, burnRates, objectives] = await Promise.all([
          prometheus.query(SERIES.budgetRemaining),
          valuesOf(SERIES.currentBurnRate),
          valuesOf(SERIES.objective),
        ]);
        return told({
          slos: left.map((sample) => ({
            slo: sample.labels.slo,
            service: sample.labels.service,
            budgetLeft: sample.value,
            burnRate: burnRates.get(keyOf(sample)) ?? null,
            objective: objectives.get(keyOf(sample)) ?? null,
          })),
        });
      },
    ),
    reading(
      'compare_failing_requests',
      'What the failing, and what the slow, requests of a service have in common that the others have not, where their errors begin, where their time goes; with an example trace.',
      z.strictObject({ service, minutes }),
      async (query) => {
        if (sources.tempo === undefined) throw new Error('nobody keeps traces here: TEMPO_URL is not set');
        const toSeconds = now() / 1000;
        const { failing, slow, slowerThanSeconds } = await diagnose({
          tempo: tempo(sources.tempo),
          prometheus,
          service: query.service,
          range: { fromSeconds: toSeconds - 60 * query.minutes, toSeconds },
          tracesPerGroup: TRACES_PER_GROUP,
        });
        return told({
          service: query.service,
          slowerThanSeconds,
          failing: briefly(failing),
          slow: briefly(slow),
        });
      },
    ),
    reading(
      'log_templates',
      'Templates of log lines, held against as much time before: new ones first, then those that have become more; with trace ids of examples.',
      z.strictObject({ service: service.optional(), minutes }),
      async (query) => {
        const { loki } = sources;
        if (loki === undefined) throw new Error('nobody keeps logs here: LOKI_URL is not set');
        const untilSeconds = Math.floor(now() / 1000);
        const windowBefore = (end: number) => ({ fromSeconds: end - 60 * query.minutes, untilSeconds: end });
        const [before, lines] = await Promise.all([
          readLines(loki, windowBefore(untilSeconds - 60 * query.minutes), query.service),
          readLines(loki, windowBefore(untilSeconds), query.service),
        ]);
        const templates = templateChanges(before, lines);
        return told({
          templates: templates.map(({ traceIds, ...each }) => ({ ...each, traceId: traceIds[0] ?? null })),
        });
      },
    ),
    reading('list_runbooks', 'Names of the runbooks.', z.strictObject({}), async () =>
      told({ runbooks: await runbookNames(runbooksDir) }),
    ),
    reading(
      'read_runbook',
      'A runbook as Markdown; that of an alert has its name.',
      z.strictObject({ name: z.string().max(100) }),
      async ({ name }) => {
        const markdown = await readRunbook(runbooksDir, name);
        if (markdown === undefined) throw new Error('no such runbook: list_runbooks names those there are');
        return toldLines(markdown);
      },
    ),
    reading(
      'audit_log',
      'What was done, by whom and when, newest first.',
      z.strictObject({ incident: id.optional(), before: id.optional(), limit }),
      ({ incident, before, limit: most }) =>
        told({ entries: auditLog.list({ before, incidentId: incident, limit: most }).map(auditEntryJson) }),
    ),
    reading('list_actions', 'Actions that can be proposed, and what each is for.', z.strictObject({}), () =>
      told({
        actions: [...actions.values()]
          .filter(({ undoes }) => undoes === undefined)
          .map(({ name, title, description, class: class_, mode, match, command }) => ({
            ...{ name, title, description, class: class_, mode, match, command },
          })),
      }),
    ),
    tool({
      name: 'propose_action',
      description:
        'Proposes an action for an incident to the people on call. Nothing is done unless one of them approves it in the console.',
      reads: false,
      input: z.strictObject({
        incident: id,
        action: z.string().min(1).max(100).describe('a name of list_actions'),
        reason: z.string().min(10).max(1000).describe('why, for who decides'),
      }),
      async answer({ incident, action, reason }) {
        const outcome = await sources.propose({
          incidentId: incident,
          action,
          by: ASSISTANT,
          why: redact(reason, LONGEST_REASON),
        });
        if ('refused' in outcome) throw new Error(outcome.refused);
        return told({ proposed: actionRunJson(outcome.run) });
      },
    }),
  ];
}

const rootOf = (root: Incident['hypotheses'][number] | undefined) =>
  root === undefined ? null : { summary: root.summary, service: root.service, confidence: root.confidence };

/** Without the spans of its example, which the trace id leads to. */
const briefly = ({ example: _spans, exampleTraceId, differences, ...finding }: Finding) => ({
  ...finding,
  inCommon: differences.map(({ fact, shareOfBad, shareOfRest }) => ({ fact, shareOfBad, shareOfRest })),
  example: { traceId: exampleTraceId ?? null },
});

function tool<Input extends z.ZodObject>({
  answer,
  ...rest
}: Omit<Tool, 'call' | 'input'> & {
  readonly input: Input;
  readonly answer: (input: z.output<Input>) => string | Promise<string>;
}): Tool {
  return { ...rest, call: async (input) => answer(rest.input.parse(input)) };
}

const reading = <Input extends z.ZodObject>(
  name: string,
  description: string,
  input: Input,
  answer: (input: z.output<Input>) => string | Promise<string>,
): Tool => tool({ name, description, input, reads: true, answer });
