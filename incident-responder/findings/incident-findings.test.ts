import { scriptedBackend } from '@aiops-sre/service-kit/testing/scripted-backend.ts';
import { expect, it, vi } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder } from '../testing/test-responder.ts';

it('an incident has soon what traces and logs say of it, and is ranked without them first', async () => {
  const onsetSeconds = Math.floor(Date.now() / 1000) - 30;
  await using backend = await scriptedBackend(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const isNow = Number(searchParams.get('end')) > onsetSeconds;
    const metric = { service_name: 'storefront', detected_level: 'error' };
    const values = [[`${onsetSeconds}000000000`, 'cannot reach stock']];
    if (pathname.endsWith('/query_range'))
      response.end(JSON.stringify({ data: { result: isNow ? [{ stream: metric, values }] : [] } }));
    else if (pathname.endsWith('/query'))
      response.end(JSON.stringify({ data: { result: [{ metric, value: [0, '1'] }] } }));
    else response.end(JSON.stringify({ traces: [] }));
  });
  const responder = await startTestResponder({
    response: { tempoUrl: backend.url, lokiUrl: backend.url, grafanaUrl: 'http://127.0.0.1:3001' },
  });
  try {
    const startsAt = new Date(onsetSeconds * 1000).toISOString();
    await responder.deliver(webhookPayload([alertPayload({ startsAt, labels: { service: 'storefront' } })]));
    const incident = async () =>
      ((await responder.getJson('/api/incidents/1')) as unknown as { incident: Record<string, unknown> })
        .incident;
    await vi.waitFor(
      async () =>
        expect(await incident()).toMatchObject({
          findings: {
            service: 'storefront',
            templates: [{ service: 'storefront', change: 'new', template: 'cannot reach stock' }],
          },
          hypotheses: [
            {
              reasons: expect.arrayContaining([
                expect.objectContaining({ kind: 'logs', link: expect.stringContaining('/d/logs') }),
              ]),
            },
          ],
        }),
      { timeout: 8000, interval: 100 },
    );
    const page = await (await fetch(`${responder.url}/incidents/1`)).text();
    expect(page).toContain('cannot reach stock');
  } finally {
    await responder.close();
  }
}, 20_000);
