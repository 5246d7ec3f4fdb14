import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { writeFlagAction } from '../testing/slow-identity.ts';
import { startTestResponder, type TestResponder } from '../testing/test-responder.ts';

vi.setConfig({ testTimeout: 30_000 });

const FLAG = 'storefront-canary-percent';
const shipped = parse(
  readFileSync(join(import.meta.dirname, '..', 'actions', 'roll-back-storefront.yaml'), 'utf8'),
);
const demoFlags = readFileSync(
  join(import.meta.dirname, '..', '..', 'demo-app', 'flags', 'demo.flagd.json'),
  'utf8',
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roll-back-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('after a share of the visitors was led to a version that fails them', () => {
  let prometheus: FakePrometheus;
  let responder: TestResponder | undefined;
  beforeEach(async () => {
    prometheus = await startFakePrometheus();
  });
  afterEach(async () => {
    await responder?.close();
    responder = undefined;
    await prometheus.close();
  });

  const lead = (variant: string) => {
    const flags = JSON.parse(demoFlags);
    flags.flags[FLAG].defaultVariant = variant;
    writeFileSync(join(folder, 'flags.json'), JSON.stringify(flags));
  };
  const share = () => JSON.parse(readFileSync(join(folder, 'flags.json'), 'utf8')).flags[FLAG].defaultVariant;

  async function respond(precondition: boolean) {
    prometheus.answer(/^topk\(500/, () => [
      { labels: { client: 'traffic', server: 'storefront' }, value: 1 },
    ]);
    prometheus.answer(/arm="canary".*> 0.05/s, () => (precondition ? [{ value: 0.5 }] : []));
    prometheus.answer(/arm="canary".*== 0/s, () => (share() === 'none' ? [{ value: 0 }] : []));
    lead('none');
    responder = await startTestResponder({
      dataDir: join(folder, 'data'),
      response: {
        prometheusUrl: prometheus.url,
        flagsFile: join(folder, 'flags.json'),
        actionsDir: writeFlagAction(join(folder, 'actions'), {
          ...shipped,
          verification: { ...shipped.verification, after: '0s', within: '2s' },
        }),
        intervalMs: 30,
        verifyEveryMs: 50,
      },
    });
    const { logged } = responder;
    await vi.waitFor(() => expect(logged.some((line) => line.includes('flags read'))).toBe(true));
    lead('10');
    await vi.waitFor(() => expect(logged.some((line) => line.includes('flag changed'))).toBe(true));
    await responder.deliver(
      webhookPayload([
        alertPayload({
          alertname: 'ErrorBudgetBurn',
          startsAt: new Date().toISOString(),
          labels: { severity: 'page', service: 'storefront', slo: 'storefront-availability' },
        }),
      ]),
    );
    return responder;
  }
  const latest = async () => {
    const { actions } = (await responder!.getJson('/api/actions')) as unknown as {
      actions: Record<string, unknown>[];
    };
    return actions[0];
  };

  it('nobody is led there any more, and that is verified', async () => {
    await respond(true);
    await vi.waitFor(async () => expect(await latest()).toMatchObject({ state: 'succeeded' }), 10_000);
    expect(share()).toBe('none');
  });

  it('and does not, the share stays', async () => {
    await respond(false);
    await vi.waitFor(
      () => expect(prometheus.asked.some((query) => /arm="canary".*> 0.05/s.test(query))).toBe(true),
      10_000,
    );
    expect(share()).toBe('10');
    expect(await latest()).not.toMatchObject({ state: 'succeeded' });
  });
});

const promtool = process.env.PROMTOOL ?? 'promtool';
const isThere = spawnSync(promtool, ['--version']).status === 0;

describe.skipIf(!isThere)('its queries, asked of Prometheus', () => {
  /** Counters of each arm after four minutes, scraped every 5 s, of so many requests and failures a scrape. */
  function holds(
    query: string,
    [requests, failed]: readonly [number, number],
    [others, otherFailed]: readonly [number, number],
  ): boolean {
    const series = (arm: string, outcome: string, step: number) => ({
      series: `traffic_requests_total{job="demo-app",arm="${arm}",outcome="${outcome}"}`,
      values: `0+${step}x60`,
    });
    const test = (expected: boolean) => ({
      evaluation_interval: '5s',
      tests: [
        {
          interval: '5s',
          input_series: [
            series('canary', '2xx', requests - failed),
            series('canary', 'no_answer', failed),
            series('stable', '2xx', others - otherFailed),
            series('stable', '5xx', otherFailed),
          ],
          promql_expr_test: [
            {
              expr: `count(${query}) or vector(0)`,
              eval_time: '4m',
              exp_samples: [{ labels: '{}', value: expected ? 1 : 0 }],
            },
          ],
        },
      ],
    });
    const file = join(folder, 'query.test.yml');
    const passes = (expected: boolean) => {
      writeFileSync(file, stringify(test(expected)));
      return spawnSync(promtool, ['test', 'rules', file]).status === 0;
    };
    const held = passes(true);
    if (!held && !passes(false)) execFileSync(promtool, ['test', 'rules', file], { stdio: 'inherit' });
    return held;
  }

  it.each<[string, [number, number], [number, number], boolean]>([
    ['a canary that fails half', [2, 1], [20, 0], true],
    ['a canary of which nothing is answered, at 100 %', [20, 20], [0, 0], true],
    ['both fail alike', [4, 2], [40, 20], false],
    ['a canary that fails as little as the stable one', [100, 1], [900, 9], false],
    ['no canary', [0, 0], [20, 1], false],
  ])('%s: acts %j %j %j', (_case, canary, stable, expected) => {
    expect(holds(shipped.precondition, canary, stable)).toBe(expected);
  });

  it.each<[string, [number, number], [number, number], boolean]>([
    ['nobody is led there and all are served', [0, 0], [20, 0], true],
    ['somebody is still led there', [1, 0], [20, 0], false],
    ['nobody is led there and many fail all the same', [0, 0], [20, 5], false],
  ])('%s: verified %j %j %j', (_case, canary, stable, expected) => {
    expect(holds(shipped.verification.query, canary, stable)).toBe(expected);
  });
});
