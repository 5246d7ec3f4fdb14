import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAlertmanagerClient } from './alerts/alertmanager-client.ts';
import { readBackendLogin } from './backend-login.ts';
import { createPrometheusClient } from './prometheus/prometheus-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'backend-login-'));
afterAll(() => rmSync(folder, { recursive: true }));
const passwordFile = (content: string) => {
  const file = join(folder, 'password');
  writeFileSync(file, content);
  return file;
};

describe('the login at Prometheus and Alertmanager', () => {
  it('is none where nothing is set', () => {
    expect(readBackendLogin({})).toBeUndefined();
  });

  it('has its password from a file, without the line end', () => {
    const login = readBackendLogin({
      BACKEND_USER: 'platform',
      BACKEND_PASSWORD_FILE: passwordFile('p w\n'),
    });
    expect(login).toEqual({ username: 'platform', password: 'p w' });
  });

  it.each([
    [{ BACKEND_USER: 'platform' }, /belong together/],
    [{ BACKEND_PASSWORD_FILE: '/nowhere' }, /belong together/],
    [{ BACKEND_USER: 'platform', BACKEND_PASSWORD_FILE: '/nowhere' }, /BACKEND_PASSWORD_FILE: ENOENT/],
  ])('is refused at the start when half of it is missing: %o', (environment, message) => {
    expect(() => readBackendLogin(environment)).toThrow(message);
  });

  it('is refused with an empty password', () => {
    const file = passwordFile('\n');
    expect(() => readBackendLogin({ BACKEND_USER: 'platform', BACKEND_PASSWORD_FILE: file })).toThrow(
      /is empty/,
    );
  });

  it('goes along with every query and every alert', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.url}: ${request.headers.authorization}`);
      response.setHeader('content-type', 'application/json');
      response.end('{"status":"success","data":{"resultType":"matrix","result":[]}}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const login = { username: 'platform', password: 'secret' };
      const query = { query: 'up', startSeconds: 0, endSeconds: 60, stepSeconds: 60 };
      await createPrometheusClient({ url, timeoutMs: 1000, login }).queryRange(query);
      await createAlertmanagerClient({ url, timeoutMs: 1000, login }).post([
        { labels: { alertname: 'Test' }, annotations: {} } as never,
      ]);
      const header = `Basic ${Buffer.from('platform:secret').toString('base64')}`;
      expect(seen).toEqual([`/api/v1/query_range: ${header}`, `/api/v2/alerts: ${header}`]);
    } finally {
      server.close();
    }
  });
});
