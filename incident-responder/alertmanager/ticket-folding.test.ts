import type { HeldAlert } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import type { Incident, IncidentAlert } from '../incidents/incident.ts';
import type { ToldAlert } from '../store/notification-store.ts';
import { createTicketFolding } from './ticket-folding.ts';

const NOW_MS = Date.parse('2026-03-01T10:01:00Z');
const STARTED_MS = NOW_MS - 60_000;
const COMMENT = 'Part of incident 7, of which people have been told';

const ticket: HeldAlert = {
  fingerprint: 'b2',
  labels: { alertname: 'DatabaseDown', severity: 'ticket', service: 'shop' },
  annotations: {},
  generatorURL: '',
  receivers: [{ name: 'ticket' }],
  status: { state: 'active', inhibitedBy: [] },
  startsAtMs: NOW_MS - 5000,
  endsAtMs: NOW_MS + 240_000,
  updatedAtMs: NOW_MS - 1000,
};
const silence = { id: 's1', comment: COMMENT, createdBy: 'incident-responder' };

let silenced: { matchers: unknown; comment: string; endsAtMs: number }[];
let ended: string[];
beforeEach(() => {
  silenced = [];
  ended = [];
});

/** Folds once; incident 7 has the alerts a1 and b2. */
async function fold({
  held = [ticket],
  told = [],
  status = 'open',
  silences = [],
}: {
  readonly held?: readonly HeldAlert[];
  readonly told?: readonly Partial<ToldAlert>[];
  readonly status?: Incident['status'];
  readonly silences?: readonly (typeof silence)[];
}): Promise<void> {
  await createTicketFolding({
    alertmanager: {
      async alerts(_signal, matchers) {
        expect(matchers).toEqual(['severity="ticket"']);
        return [...held];
      },
      async beginSilence(wanted) {
        silenced.push(wanted);
        return 's2';
      },
      silences: async () => [...silences],
      endSilence: async (id) => void ended.push(id),
    },
    incidents: {
      incidentOfAlert: (fingerprint) =>
        ['a1', 'b2'].includes(fingerprint) ? { incidentId: 7, alert: {} as IncidentAlert } : undefined,
      alerts: () => [{ fingerprint: 'a1' }, { fingerprint: 'b2' }] as IncidentAlert[],
      get: (id) => (id === 7 ? ({ id, status, startedAtMs: STARTED_MS } as Incident) : undefined),
    },
    told: (sinceMs) => {
      expect(sinceMs).toBeLessThanOrEqual(STARTED_MS);
      return told as ToldAlert[];
    },
    log: pino({ level: 'silent' }),
    now: () => NOW_MS,
  })();
}
const page: Partial<ToldAlert> = { fingerprint: 'a1', receiver: 'page', status: 'firing' };

it('silences just the ticket of an incident of which a page was sent', async () => {
  await fold({ told: [page] });
  expect(silenced).toEqual([
    expect.objectContaining({ matchers: ticket.labels, comment: COMMENT, endsAtMs: NOW_MS + 12 * 3_600_000 }),
  ]);
});

it('silences a second ticket for the same readers', async () => {
  await fold({ told: [{ ...page, receiver: 'ticket' }] });
  expect(silenced).toHaveLength(1);
});

it.each<[string, Parameters<typeof fold>[0]]>([
  ['while nobody was told of its incident', { told: [] }],
  ['where people were told of another incident', { told: [{ ...page, fingerprint: 'c3' }] }],
  ['where they were told only that something ended', { told: [{ ...page, status: 'resolved' }] }],
  ['that was told itself: its end has to be told, too', { told: [page, { ...page, fingerprint: 'b2' }] }],
  [
    'that somebody else reads as well',
    { told: [page], held: [{ ...ticket, receivers: [{ name: 'ticket' }, { name: 'database-team' }] }] },
  ],
  ['of no incident', { told: [page], held: [{ ...ticket, fingerprint: 'd4' }] }],
  [
    'that is silent already',
    { told: [page], held: [{ ...ticket, status: { state: 'suppressed', inhibitedBy: [] } }] },
  ],
])('leaves a ticket alone %s', async (_, seen) => {
  await fold(seen);
  expect(silenced).toEqual([]);
});

it('ends its silences with their incident, and none of others', async () => {
  await fold({ held: [], silences: [silence] });
  expect(ended).toEqual([]);
  await fold({
    held: [],
    status: 'resolved',
    silences: [
      silence,
      { ...silence, id: 's3', createdBy: 'ada' },
      { ...silence, id: 's4', comment: 'maintenance' },
    ],
  });
  expect(ended).toEqual(['s1']);
});

it('ends a silence of an incident that is not kept any more', async () => {
  await fold({ held: [], silences: [{ ...silence, comment: COMMENT.replace('7', '8') }] });
  expect(ended).toEqual(['s1']);
});
