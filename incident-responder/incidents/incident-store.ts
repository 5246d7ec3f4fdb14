import type { DatabaseSync } from 'node:sqlite';
import { SEVERITIES } from '@aiops-sre/conventions/alerts.ts';
import { isContext } from './context-alerts.ts';
import type {
  AlertRole,
  Hypothesis,
  Incident,
  IncidentAlert,
  IncidentSeverity,
  IncidentStatus,
  RootVerdictKind,
  TimelineEntry,
  TimelineKind,
  VerdictSource,
} from './incident.ts';

type Row = Readonly<Record<string, unknown>>;

/** What can change of an incident after it was opened. */
export type IncidentChange = Partial<Omit<Incident, 'id' | 'alertCount' | 'firingCount' | 'detectedAtMs'>>;

export interface IncidentQuery {
  readonly limit: number;
  /** Only what is older than this id. */
  readonly before?: number | undefined;
  readonly status?: IncidentStatus | undefined;
}

const SCORED_FIELDS = [
  ...['severity', 'startedAtMs', 'detectedAtMs', 'acknowledgedAtMs', 'acknowledgedBy', 'mitigatedAtMs'],
  ...['resolvedAtMs', 'rootVerdict.verdict', 'rootVerdict.source', 'rootVerdict.confidence'],
];

/** An incident without what only its page needs. */
export interface ScoredIncident
  extends Pick<
    Incident,
    | 'id'
    | 'severity'
    | 'startedAtMs'
    | 'detectedAtMs'
    | 'acknowledgedAtMs'
    | 'acknowledgedBy'
    | 'mitigatedAtMs'
    | 'resolvedAtMs'
    | 'alertCount'
  > {
  readonly hasPostmortem: boolean;
  /** Of its probable root; null where nobody judged it. */
  readonly verdict: RootVerdictKind | null;
  readonly source: VerdictSource | null;
  readonly confidence: number | null;
}

const COUNTS = `
  (SELECT count(*) FROM incident_alerts WHERE incident_id = incidents.id) AS alert_count,
  (SELECT count(*) FROM incident_alerts WHERE incident_id = incidents.id AND status = 'firing') AS firing_count`;

/** Incidents, their alerts and their timelines. Every method joins a transaction that is open. */
export class IncidentStore {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  open(incident: Omit<Incident, 'id' | 'alertCount' | 'firingCount'>): number {
    const inserted = this.#database
      .prepare(
        'INSERT INTO incidents (status, last_alert_at_ms, resolved_at_ms, document) VALUES (?, ?, ?, ?)',
      )
      .run(incident.status, incident.lastAlertAtMs, incident.resolvedAtMs, JSON.stringify(incident));
    return Number(inserted.lastInsertRowid);
  }

  change(id: number, change: IncidentChange): void {
    const row = this.#database.prepare('SELECT document FROM incidents WHERE id = ?').get(id);
    if (row === undefined) throw new Error(`incident ${id}: not there`);
    const document = { ...JSON.parse(row.document as string), ...change } as Incident;
    this.#database
      .prepare(
        'UPDATE incidents SET status = ?, last_alert_at_ms = ?, resolved_at_ms = ?, document = ? WHERE id = ?',
      )
      .run(document.status, document.lastAlertAtMs, document.resolvedAtMs, JSON.stringify(document), id);
  }

  get(id: number): Incident | undefined {
    const row = this.#database.prepare(`SELECT *, ${COUNTS} FROM incidents WHERE id = ?`).get(id);
    return row && incidentOf(row);
  }

  /** Newest first. */
  list({ limit, before, status }: IncidentQuery): Incident[] {
    return this.#database
      .prepare(
        `SELECT *, ${COUNTS} FROM incidents WHERE id < ? AND (? IS NULL OR status = ?) ORDER BY id DESC LIMIT ?`,
      )
      .all(before ?? Number.MAX_SAFE_INTEGER, status ?? null, status ?? null, limit)
      .map(incidentOf);
  }

  /** Those not resolved, oldest first. */
  unresolved(): Incident[] {
    return this.#database
      .prepare(`SELECT *, ${COUNTS} FROM incidents WHERE status <> 'resolved' ORDER BY id`)
      .all()
      .map(incidentOf);
  }

  /** Puts an alert into an incident, or replaces what it said there before. */
  putAlert(incidentId: number, alert: IncidentAlert): void {
    this.#database
      .prepare(
        `INSERT INTO incident_alerts (incident_id, fingerprint, starts_at_ms, status, alert) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (incident_id, fingerprint, starts_at_ms) DO UPDATE SET status = excluded.status, alert = excluded.alert`,
      )
      .run(
        incidentId,
        alert.fingerprint,
        alert.startsAtMs,
        // What is only context does not keep an incident open.
        isContext(alert) ? 'context' : alert.status,
        JSON.stringify(alert),
      );
  }

  setRole(incidentId: number, alert: IncidentAlert, role: AlertRole): void {
    if (alert.role !== role) this.putAlert(incidentId, { ...alert, role });
  }

  /** Earliest onset first. */
  alerts(incidentId: number, limit = 5000): IncidentAlert[] {
    return this.#database
      .prepare(
        'SELECT alert FROM incident_alerts WHERE incident_id = ? ORDER BY starts_at_ms, fingerprint LIMIT ?',
      )
      .all(incidentId, limit)
      .map(({ alert }) => storedAlert(alert));
  }

  /** The unresolved incident an alert is part of, firing or not. */
  incidentOfAlert(
    fingerprint: string,
  ): { readonly incidentId: number; readonly alert: IncidentAlert } | undefined {
    const row = this.#database
      .prepare(
        `SELECT incident_id, alert FROM incident_alerts JOIN incidents ON incidents.id = incident_id
         WHERE fingerprint = ? AND incidents.status <> 'resolved' ORDER BY starts_at_ms DESC LIMIT 1`,
      )
      .get(fingerprint);
    return (
      row && {
        incidentId: row.incident_id as number,
        alert: storedAlert(row.alert),
      }
    );
  }

  /** The latest resolved incident that had just this episode of an alert. */
  resolvedWithEpisode(fingerprint: string, startsAtMs: number): Incident | undefined {
    const row = this.#database
      .prepare(
        `SELECT incident_id FROM incident_alerts JOIN incidents ON incidents.id = incident_id
         WHERE fingerprint = ? AND starts_at_ms = ? AND incidents.status = 'resolved'
         ORDER BY incident_id DESC LIMIT 1`,
      )
      .get(fingerprint, startsAtMs);
    return row && this.get(row.incident_id as number);
  }

  addToTimeline(
    incidentId: number,
    entry: {
      readonly atMs: number;
      readonly kind: TimelineKind;
      readonly text: string;
      readonly actionRunId?: number;
    },
  ): void {
    this.#database
      .prepare(
        'INSERT INTO incident_timeline (incident_id, at_ms, kind, text, action_run_id) VALUES (?, ?, ?, ?, ?)',
      )
      .run(incidentId, entry.atMs, entry.kind, entry.text, entry.actionRunId ?? null);
  }

  /** Oldest first. */
  timeline(incidentId: number, limit = 2000): TimelineEntry[] {
    return this.#database
      .prepare('SELECT * FROM incident_timeline WHERE incident_id = ? ORDER BY at_ms, id LIMIT ?')
      .all(incidentId, limit)
      .map((row) => ({
        id: row.id as number,
        incidentId: row.incident_id as number,
        atMs: row.at_ms as number,
        kind: row.kind as TimelineKind,
        text: row.text as string,
        actionRunId: row.action_run_id as number | null,
      }));
  }

  setPostmortem(incidentId: number, markdown: string): void {
    this.#database.prepare('UPDATE incidents SET postmortem = ? WHERE id = ?').run(markdown, incidentId);
  }

  postmortem(incidentId: number): string | undefined {
    const row = this.#database.prepare('SELECT postmortem FROM incidents WHERE id = ?').get(incidentId);
    return (row?.postmortem as string | null | undefined) ?? undefined;
  }

  /** Over the resolved ones; undefined without any. */
  meanSecondsToResolve(): number | undefined {
    const row = this.#database
      .prepare(
        "SELECT avg(max(0, resolved_at_ms - json_extract(document, '$.startedAtMs'))) AS ms FROM incidents WHERE resolved_at_ms IS NOT NULL",
      )
      .get();
    return row?.ms == null ? undefined : (row.ms as number) / 1000;
  }

  /** What the scorecard counts, of incidents that began since; newest first, 5,000 at most. */
  scored(sinceMs: number): ScoredIncident[] {
    const read = (field: string) => `document ->> '$.${field}' AS ${field.replace('rootVerdict.', '')}`;
    return this.#database
      .prepare(
        `SELECT id, postmortem IS NOT NULL AS hasPostmortem, ${SCORED_FIELDS.map(read).join(', ')},
           (SELECT count(*) FROM incident_alerts WHERE incident_id = incidents.id) AS alertCount
         FROM incidents WHERE document ->> '$.startedAtMs' >= ? ORDER BY id DESC LIMIT 5000`,
      )
      .all(sinceMs)
      .map(({ hasPostmortem, source, ...row }) => ({
        ...(row as unknown as ScoredIncident),
        hasPostmortem: hasPostmortem === 1,
        source: row.verdict === null ? null : ((source ?? 'people') as VerdictSource),
      }));
  }

  /** Alerts that fire, of incidents that are not resolved. */
  firingAlerts(limit = 5000): IncidentAlert[] {
    return this.#database
      .prepare(
        `SELECT alert FROM incident_alerts JOIN incidents ON incidents.id = incident_id
         WHERE incidents.status <> 'resolved' AND incident_alerts.status = 'firing' LIMIT ?`,
      )
      .all(limit)
      .map(({ alert }) => storedAlert(alert));
  }

  prune(nowMs: number, retentionMs: number): void {
    this.#database.prepare('DELETE FROM incidents WHERE resolved_at_ms < ?').run(nowMs - retentionMs);
  }
}

/** Alerts were stored without severity and source once. */
function storedAlert(text: unknown): IncidentAlert {
  const alert = JSON.parse(text as string) as IncidentAlert;
  const severity = alert.severity ?? SEVERITIES.find((each) => each === alert.labels.severity) ?? 'ticket';
  return { ...alert, severity, source: alert.source ?? 'alertmanager' };
}

function incidentOf(row: Row): Incident {
  return {
    ...(JSON.parse(row.document as string) as Omit<Incident, 'id'> & {
      readonly severity: IncidentSeverity;
      readonly hypotheses: readonly Hypothesis[];
    }),
    id: row.id as number,
    alertCount: row.alert_count as number,
    firingCount: row.firing_count as number,
  };
}
