import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createAlertmanagerClient } from './alertmanager/alertmanager-client.ts';
import { readBackendLogin } from './backend-login.ts';
import { createPrometheusClient } from './prometheus/prometheus-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'backend-login-'));
const passwordFile = join(folder, 'password');
afterAll(() => rmSync(folder, { recursive: true }));

describe('the login at Prometheus and Alertmanager', () => {
  test('is none where nothing is set', () => {
    expect(readBackendLogin({})).toBeUndefined();
  });

  test('is refused at the start when half of it is missing', () => {
    expect(() => readBackendLogin({ BACKEND_USER: 'platform' })).toThrow(/belong together/);
    const unreadable = { BACKEND_USER: 'platform', BACKEND_PASSWORD_FILE: join(folder, 'none') };
    expect(() => readBackendLogin(unreadable)).toThrow(/cannot read/);
    writeFileSync(passwordFile, '\n');
    expect(() => readBackendLogin({ BACKEND_USER: 'platform', BACKEND_PASSWORD_FILE: passwordFile })).toThrow(
      /is empty/,
    );
  });

  test('goes along with every query and with what is asked of Alertmanager', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.url}: ${request.headers.authorization}`);
      const isPrometheus = request.url?.includes('/v1/');
      response.end(isPrometheus ? '{"status":"success","data":{"resultType":"vector","result":[]}}' : '[]');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      writeFileSync(passwordFile, 'secret\n');
      const authorization = readBackendLogin({
        BACKEND_USER: 'platform',
        BACKEND_PASSWORD_FILE: passwordFile,
      });
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await createPrometheusClient({ url, timeoutMs: 1000, authorization }).query('up');
      await createAlertmanagerClient({ url, timeoutMs: 1000, authorization }).alerts();
      const header = `Basic ${Buffer.from('platform:secret').toString('base64')}`;
      expect(seen).toEqual([`/api/v1/query: ${header}`, `/api/v2/alerts: ${header}`]);
    } finally {
      server.close();
    }
  });
});
