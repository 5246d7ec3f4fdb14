import type { Severity } from '@aiops-sre/conventions/alerts.ts';
import { z } from 'zod';
import type { AlertSource } from '../intake/alertmanager-payload.ts';

/** Of incidents, not of alerts: docs/severity-levels.md. */
export const INCIDENT_SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

/** `mitigated`: a verified action took the harm away, but alerts have not resolved yet. */
export const INCIDENT_STATUSES = ['open', 'mitigated', 'resolved'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** What a hypothesis takes for the trigger. */
export const CAUSE_KINDS = ['flag-change', 'deploy', 'instance', 'service'] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

const REASON_KINDS = [
  'topology',
  'onset',
  'anomaly',
  'deploy',
  'flag',
  'alerts',
  'instance',
  'traces',
  'logs',
] as const;

/** One observation that speaks for (`weight` > 0) or against a hypothesis. */
const reasonSchema = z.object({
  kind: z.enum(REASON_KINDS),
  text: z.string(),
  /** Log-odds the observation adds: 0 says nothing, 2.2 makes even odds nine to one. */
  weight: z.number(),
  /** Page that shows it. */
  link: z.string().optional(),
});
export type Reason = z.infer<typeof reasonSchema>;

const hypothesisSchema = z.object({
  cause: z.enum(CAUSE_KINDS),
  service: z.string(),
  /** Where one instance alone is suspected. */
  instance: z.string().nullable(),
  /** Where a flag is: its key. */
  flag: z.string().nullable(),
  /** What was changed shortly before, where something was: its two sides. */
  change: z
    .object({
      kind: z.enum(['flag', 'deploy']),
      subject: z.string(),
      from: z.string(),
      to: z.string(),
      atMs: z.number(),
    })
    .optional(),
  /** One sentence. */
  summary: z.string(),
  /** 0..1, of this being the root. Those of one incident add up to 1 at most. */
  confidence: z.number().min(0).max(1),
  reasons: z.array(reasonSchema),
});
export type Hypothesis = z.infer<typeof hypothesisSchema>;

/** `symptom`: explained by the probable root, nobody needs to look at it by itself. */
const ALERT_ROLES = ['root', 'symptom', 'unclear'] as const;
export type AlertRole = (typeof ALERT_ROLES)[number];

/** An alert as part of an incident. Times in milliseconds since the epoch. */
export interface IncidentAlert {
  readonly fingerprint: string;
  readonly alertname: string;
  /** Whom it concerns and how grave it is, by its labels and the mapping of alerts. */
  readonly service: string;
  readonly severity: Severity;
  readonly source: AlertSource;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  readonly receivedAtMs: number;
  readonly role: AlertRole;
}

const TIMELINE_KINDS = [
  'opened',
  'alert-fired',
  'alert-resolved',
  'severity-changed',
  'root-changed',
  'change-seen',
  'acknowledged',
  'action',
  'escalated',
  'paged',
  'mitigated',
  'resolved',
  'note',
  'command',
  'status-update',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface TimelineEntry {
  readonly id: number;
  readonly incidentId: number;
  readonly atMs: number;
  readonly kind: TimelineKind;
  /** One sentence of plain text. It may hold text of alerts: escape it like anything from outside. */
  readonly text: string;
  /** Of the action run it is about. */
  readonly actionRunId: number | null;
}

export const VERDICTS = ['right', 'wrong'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `false-alarm`: nothing was wrong, and there was no root to find. */
export const ROOT_VERDICTS = [...VERDICTS, 'false-alarm'] as const;
export type RootVerdictKind = (typeof ROOT_VERDICTS)[number];

/** Who says so: people, or a drill that knows because it made the trouble. */
export const VERDICT_SOURCES = ['people', 'drill'] as const;
export type VerdictSource = (typeof VERDICT_SOURCES)[number];

interface RootVerdict {
  readonly verdict: RootVerdictKind;
  readonly by: string;
  /** Verdicts were stored without it once: those are of people. */
  readonly source?: VerdictSource | undefined;
  readonly atMs: number;
  /** As it was when it was judged, in its summary; null where there was none. */
  readonly root: string | null;
  readonly confidence: number | null;
}

/** Alerts that belong together. Times in milliseconds since the epoch. */
export interface Incident {
  readonly id: number;
  readonly title: string;
  readonly severity: IncidentSeverity;
  readonly status: IncidentStatus;
  /** Onset of its earliest alert: the first evaluation that saw it. */
  readonly startedAtMs: number;
  /** The responder heard of it. */
  readonly detectedAtMs: number;
  /** Somebody took it on, or an action began. */
  readonly acknowledgedAtMs: number | null;
  /** Who: an operator's name, or `responder`. */
  readonly acknowledgedBy: string | null;
  readonly mitigatedAtMs: number | null;
  readonly resolvedAtMs: number | null;
  /** Latest alert that joined: the correlation window counts from here. */
  readonly lastAlertAtMs: number;
  readonly services: readonly string[];
  /** Which its alerts name; absent where none of them names any. */
  readonly cluster?: string | undefined;
  readonly alertCount: number;
  readonly firingCount: number;
  /** Who leads, and who writes down; null or absent: nobody. */
  readonly commander?: string | null;
  readonly scribe?: string | null;
  /** By alerts alone, whatever people say. */
  readonly computedSeverity?: IncidentSeverity;
  /** A person's word on the severity, and what alerts showed then. */
  readonly severitySet?: { readonly by: string; readonly atMs: number; readonly computed: IncidentSeverity };
  /** Most probable first. */
  readonly hypotheses: readonly Hypothesis[];
  /** What people, or a drill that knows, say of the first of them. */
  readonly rootVerdict?: RootVerdict | undefined;
}
