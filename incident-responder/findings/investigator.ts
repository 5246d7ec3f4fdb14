import type { Logger } from 'pino';
import type { Incident, IncidentAlert } from '../incidents/incident.ts';
import type { Findings } from './findings.ts';

/** Looked at so long after the responder heard of it: at once, and when more requests have gone wrong. */
const LOOKS_AFTER_MS = [0, 60_000, 240_000] as const;

export interface InvestigatorOptions {
  readonly incident: (id: number) => Incident | undefined;
  /** Earliest onset first, without context. */
  readonly alerts: (id: number) => readonly Pick<IncidentAlert, 'service'>[];
  readonly investigate: (question: {
    readonly service: string;
    readonly onsetMs: number;
    readonly nowMs: number;
  }) => Promise<Findings>;
  readonly found: (id: number, findings: Findings) => void;
  readonly latest: (id: number) => Findings | undefined;
  readonly log: Logger;
  readonly now?: () => number;
}

export interface Investigator {
  /** Returns at once; asks if it is time to, one incident after the other. */
  consider(incidentId: number): void;
  /** Resolves once nothing is under way; after `close`, soon. */
  close(): Promise<void>;
}

/** Has traces and logs asked about open incidents: three times each at most, so that a burst of incidents is no burst of questions. */
export function createInvestigator(options: InvestigatorOptions): Investigator {
  const { incident, alerts, investigate, found, latest, log, now = Date.now } = options;
  const waiting = new Set<number>();
  let working: Promise<void> | undefined;
  let closed = false;

  /** Which of the looks is due that has not been taken. */
  function isDue(id: number): boolean {
    const about = incident(id);
    if (about === undefined || about.status === 'resolved') return false;
    const takenAtMs = latest(id)?.atMs;
    const due = LOOKS_AFTER_MS.filter((afterMs) => now() - about.detectedAtMs >= afterMs).at(-1);
    return due !== undefined && (takenAtMs === undefined || takenAtMs < about.detectedAtMs + due);
  }

  async function work(): Promise<void> {
    for (const id of waiting) {
      waiting.delete(id);
      const about = incident(id);
      const service = alerts(id)[0]?.service;
      if (closed) return;
      if (about === undefined || service === undefined || !isDue(id)) continue;
      try {
        const findings = await investigate({ service, onsetMs: about.startedAtMs, nowMs: now() });
        if (closed) return;
        if (findings.missing.length > 0)
          log.warn({ incidentId: id, missing: findings.missing }, 'findings are incomplete');
        found(id, findings);
      } catch (error) {
        log.error({ err: error, incidentId: id }, 'incident not investigated');
      }
    }
  }

  return {
    consider(incidentId) {
      if (closed || !isDue(incidentId)) return;
      waiting.add(incidentId);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    async close() {
      closed = true;
      await working;
    },
  };
}
