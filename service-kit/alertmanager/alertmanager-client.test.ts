import { describe, expect, it } from 'vitest';
import { scriptedBackend } from '../testing/scripted-backend.ts';
import { createAlertmanagerClient } from './alertmanager-client.ts';

const clientOf = ({ url }: { url: string }) => createAlertmanagerClient({ url, timeoutMs: 2000 });

describe('Alertmanager', () => {
  it('is sent many alerts in several requests', async () => {
    await using alertmanager = await scriptedBackend((_request, response) => void response.end());
    await clientOf(alertmanager).post(Array.from({ length: 501 }, () => ({ labels: { alertname: 'A' } })));
    expect(alertmanager.requests.map(({ url, body }) => [url, JSON.parse(body).length])).toEqual([
      ['/api/v2/alerts', 500],
      ['/api/v2/alerts', 1],
    ]);
  });

  it('answers which alerts match, with their times in milliseconds', async () => {
    const alert = {
      fingerprint: 'f1',
      labels: { alertname: 'A' },
      annotations: {},
      receivers: [{ name: 'people' }],
      status: { state: 'suppressed', inhibitedBy: ['f2'], silencedBy: [] },
    };
    await using alertmanager = await scriptedBackend(
      (_request, response) =>
        void response.end(
          JSON.stringify([
            { ...alert, startsAt: '2026-03-01T10:00:00+02:00', updatedAt: '2026-03-01T08:01:00.5Z' },
          ]),
        ),
    );
    expect(await clientOf(alertmanager).alerts(undefined, ['severity="page"', 'slo="x"'])).toEqual([
      {
        ...alert,
        status: { state: 'suppressed', inhibitedBy: ['f2'] },
        generatorURL: '',
        startsAtMs: Date.parse('2026-03-01T08:00:00Z'),
        updatedAtMs: Date.parse('2026-03-01T08:01:00.5Z'),
      },
    ]);
    expect(new URL(alertmanager.requests[0]!.url, alertmanager.url).searchParams.getAll('filter')).toEqual([
      'severity="page"',
      'slo="x"',
    ]);
  });

  it('answers only silences in force, by their comment', async () => {
    const silence = (id: string, comment: string, state: string) => ({ id, comment, status: { state } });
    await using alertmanager = await scriptedBackend(
      (_request, response) =>
        void response.end(
          JSON.stringify([
            silence('1', 'ours', 'active'),
            silence('2', 'ours', 'expired'),
            silence('3', 'theirs', 'active'),
            silence('4', 'ours', 'pending'),
          ]),
        ),
    );
    expect(await clientOf(alertmanager).silencesWithComment('ours')).toEqual(['1', '4']);
  });
});
