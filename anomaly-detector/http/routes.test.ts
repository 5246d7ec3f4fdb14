import { type HttpServer, listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { createRoutes, type RouteSources } from './routes.ts';
import { type VerdictAccess, verdictAccess } from './verdict-route.ts';

const TOKEN = 'a-token-of-enough-length';
const VERDICT = { anomaly_id: '0123456789abcdef', verdict: 'useful' };

describe('the HTTP interface', () => {
  let server: HttpServer;
  afterEach(() => server.close(0));

  async function serve(sources: Partial<RouteSources> = {}, access: VerdictAccess = { kind: 'open' }) {
    const handler = createRoutes(
      {
        readiness: async () => ({ ready: true, reasons: [], learning: [] }),
        metrics: async () => 'up 1\n',
        calendar: () => ({ now: [], next: [], problems: [] }),
        services: () => [],
        anomalies: () => [],
        judge: async () => 'stored',
        onError: () => {},
        ...sources,
      },
      access,
    );
    server = await listen({ handler, host: '127.0.0.1', port: 0 });
    return server.url;
  }
  const post = (url: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/verdicts`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('is alive while it answers, and ready only when the detector is, with the reasons', async () => {
    const url = await serve({
      readiness: async () => ({ ready: false, reasons: ['requests: history not read yet'], learning: [] }),
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, reasons: ['requests: history not read yet'] });
  });

  it('serves metrics as Prometheus wants them', async () => {
    const response = await fetch(`${await serve()}/metrics`);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
  });

  it('takes a verdict', async () => {
    expect((await post(await serve(), JSON.stringify(VERDICT))).status).toBe(201);
  });

  it.each([
    ['that is no JSON', '{', {}, 400],
    ['of another shape', '{"anomaly_id":"x","verdict":"perhaps"}', {}, 400],
    ['with a field too many', JSON.stringify({ ...VERDICT, who: 'me' }), {}, 400],
    ['that is too long', JSON.stringify({ ...VERDICT, note: 'x'.repeat(10_000) }), {}, 413],
    ['from a form', 'verdict=useful', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['that is empty', '', {}, 400],
  ])('refuses a verdict %s', async (_, body, headers, status) => {
    const response = await post(await serve(), body, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('error');
  });

  it('says so when a verdict is on an anomaly it does not know', async () => {
    const url = await serve({ judge: async () => 'unknown-anomaly' });
    expect((await post(url, JSON.stringify(VERDICT))).status).toBe(404);
  });

  it('wants the token where there is one', async () => {
    const url = await serve({}, { kind: 'token', token: TOKEN });
    expect((await post(url, JSON.stringify(VERDICT))).status).toBe(401);
    expect((await post(url, JSON.stringify(VERDICT), { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post(url, JSON.stringify(VERDICT), { authorization: `Bearer ${TOKEN}` })).status).toBe(201);
  });

  it('answers an unexpected failure with 500 and keeps its details to the log', async () => {
    const errors: Error[] = [];
    const url = await serve({
      metrics: async () => {
        throw new Error('secret detail');
      },
      onError: (error) => errors.push(error),
    });
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(errors.map(({ message }) => message)).toEqual(['secret detail']);
  });

  it('has no other paths', async () => {
    expect((await fetch(`${await serve()}/admin`)).status).toBe(404);
  });
});

describe('who may give verdicts', () => {
  it.each([
    ['127.0.0.1', undefined, 'open'],
    ['::1', undefined, 'open'],
    ['0.0.0.0', undefined, 'closed'],
    ['0.0.0.0', TOKEN, 'token'],
    ['127.0.0.1', TOKEN, 'token'],
  ])('on %s with token %s: %s', (host, token, kind) => {
    expect(verdictAccess(host, token).kind).toBe(kind);
  });
});
