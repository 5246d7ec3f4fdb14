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
            {
              ...alert,
              startsAt: '2026-03-01T10:00:00+02:00',
              endsAt: '2026-03-01T08:05:00Z',
              updatedAt: '2026-03-01T08:01:00.5Z',
            },
          ]),
        ),
    );
    expect(await clientOf(alertmanager).alerts(undefined, ['severity="page"', 'slo="x"'])).toEqual([
      {
        ...alert,
        status: { state: 'suppressed', inhibitedBy: ['f2'] },
        generatorURL: '',
        startsAtMs: Date.parse('2026-03-01T08:00:00Z'),
        endsAtMs: Date.parse('2026-03-01T08:05:00Z'),
        updatedAtMs: Date.parse('2026-03-01T08:01:00.5Z'),
      },
    ]);
    expect(new URL(alertmanager.requests[0]!.url, alertmanager.url).searchParams.getAll('filter')).toEqual([
      'severity="page"',
      'slo="x"',
    ]);
  });

  /** An Alertmanager that begins to write its silences with each look at its metrics. */
  const writing = (metrics: (look: number) => { begun: number; failed: number }) => {
    let looks = 0;
    return scriptedBackend((request, response) => {
      if (request.url !== '/metrics') return void response.end('{"silenceID": "s1"}');
      const { begun, failed } = metrics(looks++);
      response.end(
        `alertmanager_silences_maintenance_errors_total ${failed}\nalertmanager_silences_maintenance_total ${begun}\n`,
      );
    });
  };
  const silence = { matchers: { a: 'b' }, startsAtMs: 0, endsAtMs: 1, createdBy: 'x', comment: 'y' };

  it('has taken a silence, or its end, only when a write that began after it is done', async () => {
    for (const act of ['silence', 'expireSilence'] as const) {
      await using alertmanager = await writing((look) => ({ begun: 7 + Math.max(0, look - 1), failed: 1 }));
      const client = clientOf(alertmanager);
      await (act === 'silence' ? client.silence(silence) : client.expireSilence('s1'));
      expect(alertmanager.requests.filter(({ url }) => url === '/metrics')).toHaveLength(4);
    }
  });

  it.each([
    ['cannot write it', () => ({ begun: 7, failed: 1 }), 'could not write'],
    ['is killed before it wrote it', () => ({ begun: 0, failed: 0 }), 'was started anew'],
  ])('has not taken a silence where it %s', async (_, then, message) => {
    await using alertmanager = await writing((look) => (look === 0 ? { begun: 6, failed: 0 } : then()));
    await expect(clientOf(alertmanager).silence(silence)).rejects.toThrow(message);
  });

  it('answers only silences in force, by their comment', async () => {
    const silence = (id: string, comment: string, state: string) => ({
      id,
      comment,
      createdBy: 'a test',
      status: { state },
    });
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
