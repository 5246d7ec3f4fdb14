import type { Findings } from '../findings/findings.ts';
import type { FindingsStore } from '../findings/findings-store.ts';
import type { ActionRunStore } from '../remediation/action-run-store.ts';
import type { Hypothesis, Incident } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';

/** A resolved incident that was much like another, and what helped then. */
export interface SimilarIncident {
  readonly id: number;
  readonly title: string;
  readonly startedAtMs: number;
  readonly resolvedAtMs: number;
  /** In what they are alike, in words. */
  readonly alike: readonly string[];
  /** Actions that were verified. */
  readonly helped: readonly string[];
}

/** Looked through, newest first. */
const LOOKED_THROUGH = 50;
const SHOWN = 3;
/** A root is believed from here on. */
const BELIEVED = 0.5;
const WORTH = { sameRoot: 3, sameRootService: 2, sameTemplate: 2, sameServices: 1 } as const;
const ALIKE_FROM = 3;

/** The most similar resolved incidents: by root, templates of log lines and services; the newest first of equally similar ones. */
export function similarIncidents(
  incident: Incident,
  {
    incidents,
    runs,
    findings,
  }: {
    readonly incidents: Pick<IncidentStore, 'list'>;
    readonly runs: Pick<ActionRunStore, 'list'>;
    readonly findings: Pick<FindingsStore, 'get'>;
  },
): readonly SimilarIncident[] {
  const own = findings.get(incident.id);
  return incidents
    .list({ status: 'resolved', limit: LOOKED_THROUGH, before: incident.id })
    .map((past) => ({ past, ...likeness(incident, past, own, findings.get(past.id)) }))
    .filter(({ worth }) => worth >= ALIKE_FROM)
    .toSorted((one, other) => other.worth - one.worth)
    .slice(0, SHOWN)
    .map(({ past, alike }) => ({
      id: past.id,
      title: past.title,
      startedAtMs: past.startedAtMs,
      resolvedAtMs: past.resolvedAtMs ?? past.startedAtMs,
      alike,
      helped: runs
        .list({ incidentId: past.id, limit: 20 })
        .filter(({ state }) => state === 'succeeded')
        .map(({ title }) => title),
    }));
}

function likeness(one: Incident, other: Incident, ownFindings?: Findings, otherFindings?: Findings) {
  const alike: string[] = [];
  let worth = 0;
  const [root, otherRoot] = [believedRoot(one), believedRoot(other)];
  if (root !== undefined && root.service === otherRoot?.service) {
    const same = root.cause === otherRoot.cause && root.flag === otherRoot.flag;
    worth += same ? WORTH.sameRoot : WORTH.sameRootService;
    alike.push(same ? `the same root: ${otherRoot.summary}` : `${root.service} was the root`);
  }
  const templates = new Set(otherFindings?.templates.map(({ template }) => template));
  const shared = ownFindings?.templates.find(({ template }) => templates.has(template));
  if (shared !== undefined) {
    worth += WORTH.sameTemplate;
    alike.push(`${shared.service} wrote the same: ${shared.template}`);
  }
  const services = one.services.filter((service) => other.services.includes(service));
  if (services.length > 0) {
    worth += WORTH.sameServices;
    alike.push(`alerts of ${services.join(', ')}`);
  }
  return { worth, alike };
}

const believedRoot = ({ hypotheses: [root] }: Incident): Hypothesis | undefined =>
  root !== undefined && root.confidence >= BELIEVED ? root : undefined;
