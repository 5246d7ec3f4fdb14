import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Analysis } from '../../analysis/analysis-store.ts';
import type { Findings } from '../../findings/findings.ts';
import type { Incident, IncidentAlert, TimelineEntry, TimelineKind } from '../../incidents/incident.ts';
import type { SimilarIncident } from '../../incidents/similar-incidents.ts';
import type { ActionRun } from '../../remediation/action.ts';
import { isJudgeable } from '../../remediation/judge-run.ts';
import type { ServiceGraph } from '../../topology/service-graph.ts';
import { severityBadge, statusBadge } from '../badges.ts';
import { type Html, html } from '../html.ts';
import { instant, timeOfDay } from '../instants.ts';
import { page } from '../layout.ts';
import { rootWay } from '../pictures/root-way.ts';
import type { Session } from '../session/session-cookie.ts';
import { actionCard } from './action-card.ts';
import { analysisSection } from './analysis-section.ts';
import { type CommandContent, commandSection } from './command-section.ts';
import { findingsSection } from './findings-section.ts';
import { hypothesesSection } from './hypotheses.ts';
import { incidentAlerts } from './incident-alerts.ts';
import { noticeOf } from './notice.ts';
import { similarSection } from './similar-section.ts';

export interface IncidentPageContent extends CommandContent {
  readonly alerts: readonly IncidentAlert[];
  readonly timeline: readonly TimelineEntry[];
  /** Newest first. */
  readonly runs: readonly ActionRun[];
  readonly analysis: Analysis | undefined;
  readonly findings: Findings | undefined;
  /** Who calls whom. */
  readonly graph: ServiceGraph;
  readonly similar: readonly SimilarIncident[];
  /** For links. */
  readonly grafanaUrl: string | undefined;
  readonly hasPostmortem: boolean;
  readonly session: Session | undefined;
  readonly notice: string | undefined;
  readonly nowMs: number;
}

/** One incident: what is known of it, what was and can be done, and how it went. */
export function incidentPage(content: IncidentPageContent): string {
  const { incident, alerts, timeline, runs, session, nowMs } = content;
  const { id, title, severity, status } = incident;
  const path = `/incidents/${id}`;
  const [proposed, others] = [runs.filter(isProposed), runs.filter((run) => !isProposed(run))];
  const waiting = proposed.length;
  const judgedFirst =
    others.find((run) => isJudgeable(run) && run.judged === undefined) ?? others.find(isJudgeable);
  return page({
    title: `#${id} ${title}`,
    path,
    session,
    announcement: `Incident ${id} is ${status}, ${incident.firingCount} of ${incident.alertCount} alerts firing, ${waiting} ${waiting === 1 ? 'action waits' : 'actions wait'} for approval.`,
    content: html`<h1><span class="faint">#${id}</span> ${title}</h1>
${noticeOf(content.notice)}
<div id="head" data-live class="head"><p class="badges">${severityBadge(severity)} ${statusBadge(status)} ${incident.services.map((service) => html`<span class="badge plain">${service}</span> `)}</p>
${momentsOf(incident, nowMs)}
${acknowledgement(incident, session, path)}
${content.hasPostmortem && html`<p><a class="button" href="${path}/postmortem">Postmortem</a></p>`}</div>
<div class="columns"><div>
${hypothesesSection(incident, session)}
<div id="way" data-live>${rootWay(incident, content.graph, content.grafanaUrl)}</div>
<div id="findings" data-live>${content.findings && findingsSection(content.findings, content.grafanaUrl)}</div>
<div id="analysis" data-live>${content.analysis && analysisSection(content.analysis, incident, session)}</div>
<section aria-labelledby="actions-title"><h2 id="actions-title">Actions</h2>
<div id="actions" data-live>${runs.length === 0 ? html`<p class="faint">No action matched.</p>` : [...proposed, ...others].map((run) => actionCard({ run, session, next: path, hasKeys: run === judgedFirst, nowMs }))}</div></section>
${commandSection(content)}
<section aria-labelledby="graphs-title"><h2 id="graphs-title">Series involved</h2>
<p class="faint">Solid: the value. Dashed: what was expected, in its 95 % band. Shaded: the incident.</p>
<div id="graphs" data-graphs="/api/incidents/${id}/graphs" data-follow="${status !== 'resolved' && 'yes'}"><p class="faint">Graphs need scripts.</p></div></section>
${incidentAlerts(alerts, incident.alertCount, nowMs)}
<div id="similar" data-live>${similarSection(content.similar)}</div>
</div>
<section class="aside" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2>
<ol class="timeline" id="timeline" data-live>${timeline.map((entry) => timelineItem(entry, incident.startedAtMs))}</ol>
<p><a href="/audit?incident=${id}">Audit log of this incident</a></p></section>
</div>`,
  });
}

const isProposed = ({ state }: ActionRun) => state === 'proposed';

function momentsOf(incident: Incident, nowMs: number): Html {
  const { startedAtMs, resolvedAtMs } = incident;
  const moments: readonly (readonly [string, number | null, string])[] = [
    ['Detected', incident.detectedAtMs, ''],
    ['Acknowledged', incident.acknowledgedAtMs, incident.acknowledgedBy ?? ''],
    ['Mitigated', incident.mitigatedAtMs, ''],
    ['Resolved', resolvedAtMs, ''],
  ];
  return html`<dl class="moments"><div><dt>Started</dt><dd>${instant(startedAtMs)}</dd></div>
${moments.map(
  ([name, atMs, by]) =>
    html`<div><dt>${name}</dt><dd>${atMs === null ? html`<span class="faint">not yet</span>` : html`after ${duration(atMs - startedAtMs)}${by !== '' && ` by ${by}`}`}</dd></div>`,
)}
<div><dt>Commander</dt><dd>${incident.commander ?? html`<span class="faint">nobody</span>`}${incident.scribe != null && `, scribe ${incident.scribe}`}</dd></div>
<div><dt>${resolvedAtMs === null ? 'Lasts' : 'Lasted'}</dt><dd>${duration((resolvedAtMs ?? nowMs) - startedAtMs)}</dd></div></dl>`;
}

function acknowledgement(incident: Incident, session: Session | undefined, path: string): Html | null {
  if (
    incident.status === 'resolved' ||
    (incident.acknowledgedBy !== null && incident.acknowledgedBy !== 'responder')
  )
    return null;
  if (session === undefined) return html`<p><a href="/login?next=${path}">Log in to take it on</a></p>`;
  return html`<form method="post" action="${path}/acknowledge"><input type="hidden" name="csrf" value="${session.csrfToken}"><button>Acknowledge</button></form>`;
}

const TONES: Readonly<Partial<Record<TimelineKind, string>>> = {
  opened: 'bad',
  'alert-fired': 'bad',
  'alert-resolved': 'good',
  'change-seen': 'attention',
  action: 'busy',
  escalated: 'attention',
  paged: 'attention',
  mitigated: 'good',
  resolved: 'good',
  note: 'busy',
  command: 'busy',
  'status-update': 'busy',
};

function timelineItem({ atMs, kind, text }: TimelineEntry, startedAtMs: number): Html {
  const offsetMs = atMs - startedAtMs;
  return html`<li class="${TONES[kind] ?? 'plain'}"><p class="when">${timeOfDay(atMs)} <span class="faint">${offsetMs >= 0 ? '+' : ''}${duration(offsetMs)}</span> <span class="kind">${kind.replace('-', ' ')}</span></p><p>${text}</p></li>
`;
}
