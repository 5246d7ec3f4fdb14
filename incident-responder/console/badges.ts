import type { AlertRole, IncidentSeverity, IncidentStatus } from '../incidents/incident.ts';
import type { ActionClass } from '../remediation/action.ts';
import type { RunState } from '../remediation/run-states.ts';
import { type Html, html } from './html.ts';

export const severityBadge = (severity: IncidentSeverity): Html =>
  html`<span class="badge ${severity.toLowerCase()}">${severity}</span>`;

const STATUS_TONE: Readonly<Record<IncidentStatus, string>> = {
  open: 'bad',
  mitigated: 'busy',
  resolved: 'good',
};
export const statusBadge = (status: IncidentStatus): Html =>
  html`<span class="badge ${STATUS_TONE[status]}">${status}</span>`;

const STATE_TONE: Readonly<Record<RunState, string>> = {
  scheduled: 'busy',
  proposed: 'attention',
  approved: 'busy',
  executing: 'busy',
  verifying: 'busy',
  'rolling-back': 'busy',
  succeeded: 'good',
  'rolled-back': 'bad',
  'rollback-failed': 'bad',
  rejected: 'plain',
  expired: 'plain',
  cancelled: 'plain',
  shadow: 'plain',
  refused: 'plain',
};
const STATE_WORDS: Readonly<Partial<Record<RunState, string>>> = {
  proposed: 'waits for approval',
  'rolling-back': 'rolling back',
  'rolled-back': 'rolled back',
  'rollback-failed': 'rollback failed',
  shadow: 'shadow: nothing done',
};
export const stateBadge = (state: RunState): Html =>
  html`<span class="badge ${STATE_TONE[state]}">${STATE_WORDS[state] ?? state}</span>`;

const CLASS_WORDS: Readonly<Record<ActionClass, string>> = {
  SAFE: 'safe',
  REQUIRES_APPROVAL: 'requires approval',
  FORBIDDEN: 'forbidden',
};
export const classBadge = (actionClass: ActionClass): Html =>
  html`<span class="badge plain">${CLASS_WORDS[actionClass]}</span>`;

const ROLE_TONE: Readonly<Record<AlertRole, string>> = {
  root: 'attention',
  symptom: 'plain',
  unclear: 'busy',
};
export const roleBadge = (role: AlertRole): Html =>
  html`<span class="badge ${ROLE_TONE[role]}">${role}</span>`;

/** Whether an alert fires: in words, since colour alone tells nobody who cannot see it. */
export const alertStatusBadge = (status: 'firing' | 'resolved'): Html =>
  html`<span class="badge ${status === 'firing' ? 'bad' : 'good'}">${status}</span>`;
