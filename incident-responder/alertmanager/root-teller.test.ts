import type {
  AlertmanagerClient,
  HeldAlert,
} from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import type { Hypothesis, Incident, IncidentAlert } from '../incidents/incident.ts';
import { createRootTeller } from './root-teller.ts';

const NOW_MS = Date.parse('2026-03-01T10:00:10Z');
const page: HeldAlert = {
  fingerprint: 'a1',
  labels: { alertname: 'ErrorBudgetBurn', severity: 'page' },
  annotations: { summary: 'Errors burn the budget' },
  generatorURL: '',
  receivers: [{ name: 'page' }],
  status: { state: 'active', inhibitedBy: [] },
  startsAtMs: NOW_MS - 5000,
  endsAtMs: NOW_MS + 240_000,
  updatedAtMs: NOW_MS - 1000,
};

let posted: unknown[];
beforeEach(() => {
  posted = [];
});

/** Tells once of these pages, of whose incident this is the root. */
async function tell(held: HeldAlert, confidence: number | undefined = 0.91): Promise<void> {
  const root = { summary: 'flag x went on', confidence } as Hypothesis;
  const alertmanager: Pick<AlertmanagerClient, 'alerts' | 'post'> = {
    async alerts(_signal, matchers) {
      expect(matchers).toEqual(['severity="page"']);
      return [held];
    },
    post: async (alerts) => void posted.push(...alerts),
  };
  await createRootTeller({
    alertmanager,
    incidents: {
      incidentOfAlert: (fingerprint) =>
        fingerprint === 'a1' ? { incidentId: 7, alert: {} as IncidentAlert } : undefined,
      get: (id) => (id === 7 ? ({ hypotheses: [root] } as unknown as Incident) : undefined),
    },
    log: pino({ level: 'silent' }),
    now: () => NOW_MS,
  })();
}

it('gives a page its probable root, and leaves its labels, its start and its end as they are', async () => {
  await tell(page);
  expect(posted).toEqual([
    {
      labels: page.labels,
      annotations: { summary: 'Errors burn the budget', probable_root: 'flag x went on (91 %)' },
      startsAt: '2026-03-01T10:00:05.000Z',
      endsAt: '2026-03-01T10:04:10.000Z',
    },
  ]);
});

it('says a root once for each message of Prometheus, none that is less probable than not, and none of an alert that is in no incident', async () => {
  await tell({ ...page, annotations: { probable_root: 'another one (70 %)' } });
  await tell(page, 0.4);
  await tell({ ...page, fingerprint: 'b2' });
  expect(posted).toEqual([]);
});

it('says nothing where the alert may have ended meanwhile: it would fire on', async () => {
  await tell({ ...page, updatedAtMs: NOW_MS - 6000 });
  await tell({ ...page, endsAtMs: NOW_MS - 1 });
  expect(posted).toEqual([]);
});
