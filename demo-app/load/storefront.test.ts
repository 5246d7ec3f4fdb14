import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Report } from './report.ts';

/** Set by `npm test` once `npm run load` has built it. */
const { K6: k6 } = process.env;
const script = join(import.meta.dirname, 'storefront.ts');

interface Answer {
  readonly status: number;
  readonly delayMs?: number;
}

/** Answers as told, and remembers what it was asked. */
async function withStorefront<T>(
  answer: (path: string) => Answer,
  run: (url: string, asked: readonly string[], keys: readonly string[]) => Promise<T>,
): Promise<T> {
  const asked: string[] = [];
  const keys: string[] = [];
  const server: Server = createServer((request, response) => {
    request.resume();
    asked.push(`${request.method} ${request.url?.replace(/-\d+$/, '-N')}`);
    const key = request.headers['idempotency-key'];
    if (typeof key === 'string') keys.push(key);
    const { status, delayMs = 0 } = answer(request.url ?? '');
    setTimeout(() => response.writeHead(status).end('{}'), delayMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, keys);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Exit code and what it wrote. */
async function runK6(command: readonly string[], environment: Readonly<Record<string, string>>) {
  const options = {
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
      ...environment,
    },
    timeout: 60_000,
  };
  return promisify(execFile)(k6 ?? '', [...command, script], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
}

const short = {
  LOAD_SECONDS: '2',
  LOAD_FAST_PER_SECOND: '10',
  LOAD_SLOW_PER_SECOND: '3',
  LOAD_REPORT: 'json',
};
const load = async (url: string) => {
  const { code, stdout, stderr } = await runK6(['run', '--quiet', '--address=', '--no-usage-report'], {
    ...short,
    STOREFRONT_URL: url,
  });
  const line = stdout.split('\n').find((each) => each.startsWith('{'));
  if (!line) throw new Error(`no report: ${stdout}${stderr}`);
  return { code, report: JSON.parse(line) as Report };
};
const STATUS: Readonly<Record<string, number>> = { '/api/documents': 201, '/api/checkouts': 202 };
const asUsual = (path: string): Answer => ({ status: STATUS[path] ?? 200 });

// Each waits for its k6 most of the time.
describe
  .skipIf(!k6)
  .concurrent(
    `the load on the storefront, in k6${k6 ? '' : ' (skipped: K6 is not set; npm run load builds it)'}`,
    { timeout: 70_000 },
    () => {
      test('is two scenarios of constant arrival rates, with the SLOs as thresholds', async () => {
        const { stdout } = await runK6(['inspect'], {});
        const options = JSON.parse(stdout);
        expect(options.scenarios.fast).toMatchObject({ executor: 'constant-arrival-rate', rate: 8 });
        expect(options.scenarios.slow).toMatchObject({ executor: 'constant-arrival-rate', rate: 2 });
        expect(options.thresholds).toMatchObject({
          http_req_failed: ['rate<=0.001000'],
          http_req_duration: ['p(95)<=500'],
        });
      });

      test('asks for what is there, at its rates, and exits with 0 where the SLOs hold', async () => {
        await withStorefront(asUsual, async (url, asked, keys) => {
          const { code, report } = await load(url);
          expect(report.rows.map(({ scenario }) => scenario)).toEqual(['fast', 'slow', 'all']);
          expect(report.rows[0]?.requests).toBeGreaterThanOrEqual(19);
          expect(report.rows[1]?.requests).toBeGreaterThanOrEqual(5);
          expect(report.rows[2]?.requests).toBe(asked.length);
          for (const each of asked)
            expect([
              'GET /api/products',
              'GET /api/users/user-N',
              'GET /api/orders/order-N',
              'POST /api/documents',
              'POST /api/checkouts',
            ]).toContain(each);
          // Of a checkout each, and no two the same.
          const checkouts = asked.filter((each) => each === 'POST /api/checkouts');
          expect(new Set(keys).size).toBe(checkouts.length);
          expect(report.availability.held && report.latency.held).toBe(true);
          expect(code).toBe(0);
        });
      });

      test('exits with 99 where documents and checkouts fail', async () => {
        await withStorefront(
          (path) => (path in STATUS ? { status: 502 } : asUsual(path)),
          async (url) => {
            const { code, report } = await load(url);
            expect(report.availability.held).toBe(false);
            expect(report.rows.map(({ serverErrorRatio }) => serverErrorRatio > 0)).toEqual([
              false,
              true,
              true,
            ]);
            expect(code).toBe(99);
          },
        );
      });

      test('exits with 99 where answers are slow, and is not slowed down by them', async () => {
        await withStorefront(
          (path) => ({ ...asUsual(path), delayMs: 900 }),
          async (url) => {
            const { code, report } = await load(url);
            expect(report.latency).toMatchObject({ held: false });
            expect(report.availability.held).toBe(true);
            expect(report.rows[2]?.requests).toBeGreaterThanOrEqual(24);
            expect(code).toBe(99);
          },
        );
      });

      test('does not take another server for the storefront', async () => {
        await withStorefront(
          () => ({ status: 404 }),
          async (url) => {
            const { code, report } = await load(url);
            expect(report.refused).toBe(report.rows[2]?.requests);
            expect(code).toBe(99);
          },
        );
      });

      test('names the variable that is wrong', async () => {
        const { code, stderr } = await runK6(['inspect', '--include-system-env-vars'], {
          LOAD_SECONDS: 'forever',
        });
        expect(stderr).toContain('LOAD_SECONDS: expected a whole number from 1 to 600');
        expect(code).not.toBe(0);
      });
    },
  );
