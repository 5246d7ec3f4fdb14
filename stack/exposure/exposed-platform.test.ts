import { credentials, Metadata, makeGenericClientConstructor, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type DoorAccess, doorClient, doorProblems } from './door-check.ts';
import { OPERATOR } from './secrets-folder.ts';
import { type ExposedPlatform, startExposedPlatform } from './testing/exposed-platform.ts';

/** Set by `npm test`. */
const { CADDY: caddy, PROMETHEUS: prometheus, ALERTMANAGER: alertmanager } = process.env;
const missing = !caddy || !prometheus || !alertmanager;

describe.skipIf(missing)(
  `the platform beyond loopback, on its real servers${missing ? ' (skipped: CADDY, PROMETHEUS or ALERTMANAGER is not set)' : ''}`,
  () => {
    let platform: ExposedPlatform;
    let access: DoorAccess;
    const url = (port: number, path: string) => `https://localhost:${port}${path}`;
    const asComponent = () => ({ username: 'platform', password: platform.secret('platform-password') });
    const door = (port: number) => platform.doors.get(port) ?? Number.NaN;

    beforeAll(async () => {
      if (!caddy || !prometheus || !alertmanager) return;
      platform = await startExposedPlatform({ caddy, prometheus, alertmanager });
      access = {
        host: '127.0.0.1',
        user: OPERATOR,
        password: platform.secret('operator-password'),
        authority: platform.secret('platform-ca'),
        timeoutMs: 15_000,
      };
      await vi.waitFor(
        async () => {
          for (const port of [door(3000), door(9090), door(9093)]) {
            const { status } = await doorClient(access).get(
              url(port, '/-/ready').replace('localhost', '127.0.0.1'),
              {
                auth: { username: access.user, password: access.password },
              },
            );
            if (status !== 200) throw new Error(`${status}\n${platform.log()}`);
          }
        },
        { timeout: 60_000, interval: 100 },
      );
    }, 90_000);
    afterAll(() => platform?.stop());

    test('every door is shut without TLS and without the right password, and opens with it', async () => {
      expect([...platform.doors.keys()].toSorted((a, b) => a - b)).toEqual([
        3000, 3001, 3100, 3200, 4317, 4318, 8090, 8091, 9090, 9093,
      ]);
      for (const [port, at] of platform.doors) {
        // What is behind 4317 speaks gRPC alone.
        expect(
          await doorProblems(access, at, port === 4317 ? undefined : '/-/ready'),
          `port ${port}`,
        ).toEqual([]);
      }
    }, 70_000);

    test('the password at the door is not handed to the service behind it', () => {
      expect(platform.passed.length).toBeGreaterThan(0);
      for (const headers of platform.passed) expect(headers.authorization).toBeUndefined();
    });

    test('OTLP gets in with the password in a header, over HTTP and over gRPC, and not without', async () => {
      const header = `Basic ${btoa(`${access.user}:${access.password}`)}`;
      const overHttp = (headers: Record<string, string>) =>
        doorClient(access).post(`https://127.0.0.1:${door(4318)}/v1/traces`, '{}', { headers });
      expect((await overHttp({ authorization: header })).status).toBe(200);
      expect((await overHttp({})).status).toBe(401);

      const trust = credentials.createSsl(Buffer.from(platform.secret('platform-ca')));
      const client = new (makeGenericClientConstructor({}, 'traces'))(`127.0.0.1:${door(4317)}`, trust);
      const same = (value: Buffer) => value;
      const overGrpc = (metadata: Metadata) =>
        new Promise<number>((resolve) => {
          const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
          client.makeUnaryRequest(path, same, same, Buffer.alloc(0), metadata, (error) =>
            resolve(error?.code ?? status.OK),
          );
        });
      const withPassword = new Metadata();
      withPassword.set('authorization', header);
      try {
        expect(await overGrpc(withPassword)).toBe(status.OK);
        expect(await overGrpc(new Metadata())).toBe(status.UNAUTHENTICATED);
      } finally {
        client.close();
      }
    }, 30_000);

    test('a page of another site changes nothing with a password that the browser knows', async () => {
      const post = (site: string) =>
        doorClient(access).post(`https://127.0.0.1:${door(9093)}/api/v2/silences`, '{}', {
          auth: { username: access.user, password: access.password },
          headers: { 'content-type': 'application/json', 'sec-fetch-site': site },
        });
      for (const site of ['cross-site', 'same-site']) expect((await post(site)).status, site).toBe(403);
      // Alertmanager itself answers, that an empty silence is none.
      expect((await post('same-origin')).status).toBeGreaterThanOrEqual(400);
      expect((await post('same-origin')).status).not.toBe(403);
    });

    test("an operator's token reaches the responder's decisions, and nothing else", async () => {
      const bearer = { authorization: 'Bearer token' };
      const ask = (method: string, path: string) =>
        doorClient(access).request({
          method,
          url: `https://127.0.0.1:${door(8091)}${path}`,
          headers: bearer,
        });
      for (const path of ['/actions/1/approve', '/api/actions/1/approve', '/api/incidents/1/acknowledge']) {
        platform.passed.length = 0;
        expect((await ask('POST', path)).status, path).toBe(200);
        expect(platform.passed, path).toMatchObject([bearer]);
      }
      for (const [method, path] of [
        ['GET', '/actions/1'],
        ['GET', '/api/incidents/1'],
        ['POST', '/webhook/alertmanager'],
        ['GET', '/'],
      ] as const) {
        expect((await ask(method, path)).status, `${method} ${path}`).toBe(401);
      }
    });

    test('Prometheus and Alertmanager are shut inside as well', async () => {
      const inside = { ...access, host: 'localhost' };
      expect(await doorProblems(inside, platform.prometheusPort, '/-/ready')).toEqual([]);
      expect(await doorProblems(inside, platform.alertmanagerPort, '/-/ready')).toEqual([]);
    }, 30_000);

    test('a client that does not know the authority does not connect', async () => {
      const problems = await doorProblems({ ...access, authority: undefined }, door(9090), '/-/ready');
      expect(problems.join('\n')).toMatch(/got (UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/);
    });

    test('Prometheus still scrapes both, and its alerts still arrive', async () => {
      const client = doorClient({ ...access, host: 'localhost' });
      const get = async (port: number, path: string) =>
        JSON.parse((await client.get<string>(url(port, path), { auth: asComponent() })).data);
      await vi.waitFor(
        async () => {
          const up = await get(platform.prometheusPort, '/api/v1/query?query=up==1');
          const jobs = up.data.result.map((each: { metric: { job: string } }) => each.metric.job);
          expect(jobs.toSorted()).toEqual(['alertmanager', 'prometheus']);
          const alerts = await get(platform.alertmanagerPort, '/api/v2/alerts');
          expect(alerts.map((each: { labels: { alertname: string } }) => each.labels.alertname)).toContain(
            'Watchdog',
          );
        },
        { timeout: 60_000, interval: 200 },
      );
    }, 70_000);

    test('the anomaly detector logs in with its password file', async () => {
      await vi.waitFor(
        async () => {
          const response = await fetch(`http://127.0.0.1:${platform.detectorPort}/readyz`);
          expect(response.status, await response.text()).toBe(200);
        },
        { timeout: 60_000, interval: 200 },
      );
    }, 70_000);
  },
);
