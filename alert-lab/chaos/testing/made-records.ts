import { faultSchema } from '../../fault/fault-schema.ts';
import type { Fault } from '../../fault/read-faults.ts';
import type { ExperimentRecord, IncidentRecord, PlayedFault } from '../experiment-record.ts';

/** For tests: everything of it came about as it should. */

export const BEGAN_MS = 1_000_000;

export function fault(name: string, more: object = {}): Fault {
  return {
    name,
    ...faultSchema.parse({
      description: name,
      users: 'Pages fail.',
      begin: [{ stop: ['identity'] }],
      limit: '6m',
      truth: { service: ['identity'], cause: ['instance'] },
      expect: {
        alerts: [{ service: 'identity' }, { slo: 'availability' }],
        detectedWithin: '60s',
        actions: ['restart'],
      },
      ...more,
    }),
  };
}

export const played = (more: Partial<PlayedFault> = {}): PlayedFault => ({
  fault: 'down',
  beganMs: BEGAN_MS,
  endedMs: BEGAN_MS + 200_000,
  ended: 'healed',
  hurt: true,
  healedMs: BEGAN_MS + 90_000,
  noticedMs: null,
  ...more,
});

export const alertAt = (afterSeconds: number, labels: Record<string, string> = { service: 'identity' }) => ({
  labels,
  startsAtMs: BEGAN_MS + afterSeconds * 1000,
  seenMs: BEGAN_MS + afterSeconds * 1000,
});

export const root = (service: string, confidence = 0.9, more: object = {}) => ({
  cause: 'instance',
  service,
  instance: null,
  confidence,
  ...more,
});

export const rankingAt = (afterSeconds: number, ...roots: ReturnType<typeof root>[]) => ({
  atMs: BEGAN_MS + afterSeconds * 1000,
  roots,
});

export const incident = (more: Partial<IncidentRecord> = {}): IncidentRecord => ({
  id: 1,
  openedMs: BEGAN_MS + 25_000,
  status: 'resolved',
  alerts: [alertAt(20)],
  rankings: [rankingAt(30, root('identity'))],
  postmortem: 'Instances of identity are down. (90.0 % sure, by the responder; confirm or correct.)',
  ...more,
});

export const record = (more: Partial<ExperimentRecord> = {}): ExperimentRecord => ({
  experiment: { number: 1, faults: ['down'], herring: null, herringLeadSeconds: 0, quietSeconds: 60 },
  quiet: { seconds: 60, incidents: 0 },
  played: [played()],
  incidents: [incident()],
  notifications: [{ atMs: BEGAN_MS + 40_000, receiver: 'page', alerts: [alertAt(20)] }],
  actions: [{ action: 'restart', state: 'succeeded', incidentId: 1, startedMs: BEGAN_MS + 50_000 }],
  budgetSpent: { availability: 0.01 },
  calmAfterSeconds: 300,
  problems: [],
  ...more,
});
