import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { type ScriptedBackend, scriptedBackend } from '@aiops-sre/service-kit/testing/scripted-backend.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sloCommand } from '../command/command.ts';

interface Budget {
  readonly slo: string;
  readonly service: string;
  readonly left: number;
}

let budgets: readonly Budget[];
let prometheus: ScriptedBackend;
let printed: string[];
beforeEach(async () => {
  printed = [];
  budgets = [];
  prometheus = await scriptedBackend(({ body }, response) => {
    const query = new URLSearchParams(body).get('query') ?? '';
    const service = /,service="(.*)"/.exec(query)?.[1];
    const result = budgets
      .filter((each) => service === undefined || each.service === service)
      .map(({ slo, service, left }) => {
        const tier = [0.5, 0.2, 0].filter((limit) => left <= limit).length;
        const value = query.startsWith(SERIES.policyTier) ? tier : left;
        return { metric: { slo, service }, value: [1, String(value)] };
      });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
});
afterEach(() => prometheus[Symbol.asyncDispose]());

const gate = (...args: string[]) =>
  sloCommand(['gate', '--prometheus', prometheus.url, ...args], {
    workingFolder: tmpdir(),
    repository: '',
    promtool: undefined,
    prometheus: '',
    responder: '',
    home: '',
    applyHome: async () => '',
    out: (line) => printed.push(line),
    err: (line) => printed.push(line),
  });

it.each<[number, string[], number, RegExp]>([
  [0.9, [], 0, /^allowed: availability has 90 % .*\(tier 0\)$/],
  [0.21, [], 0, /^allowed: .*\(tier 1\)$/],
  [0.2, [], 1, /^frozen: availability has 20 % .*\(tier 2\); only fixes go out$/],
  [-0.5, [], 1, /^frozen: availability has -50 % .*\(tier 3\)/],
  [0.2, ['--fix'], 0, /^allowed: .*a fix may go out$/],
])('with %d of the budget left, %j ends with %i', async (left, args, exitCode, said) => {
  budgets = [
    { slo: 'latency', service: 'shop', left: 0.95 },
    { slo: 'availability', service: 'shop', left },
  ];
  expect(await gate(...args)).toBe(exitCode);
  expect(printed[0]).toMatch(said);
});

it('goes by the SLOs of the service that is asked for', async () => {
  budgets = [
    { slo: 'availability', service: 'shop', left: 0.9 },
    { slo: 'freshness', service: 'pipeline', left: 0.1 },
  ];
  expect(await gate()).toBe(1);
  expect(await gate('--service', 'shop')).toBe(0);
});

it('cannot tell without a budget, nor without Prometheus, and does not let either pass for a yes', async () => {
  expect(await gate('--service', 'shop')).toBe(2);
  expect(printed).toEqual(['unknown: no SLO of shop has a budget in Prometheus']);
  printed = [];
  expect(await gate('--prometheus', 'http://127.0.0.1:1')).toBe(2);
  expect(printed[0]).toMatch(/^unknown: Prometheus at http:\/\/127\.0\.0\.1:1/);
});

it('says it to machines, and shows the password of a door to that door alone', async () => {
  budgets = [{ slo: 'availability', service: 'shop', left: 0.1 }];
  const folder = mkdtempSync(join(tmpdir(), 'gate-'));
  writeFileSync(join(folder, 'password'), 'secret\n');
  expect(await gate('--json', '--password-file', join(folder, 'password'))).toBe(1);
  rmSync(folder, { recursive: true });
  expect(JSON.parse(printed.join())).toEqual({
    verdict: 'frozen',
    because: 'availability has 10 % of its error budget left (tier 2); only fixes go out',
    slos: [{ slo: 'availability', service: 'shop', tier: 2, budgetLeft: 0.1 }],
  });
  expect(prometheus.requests[0]?.authorization).toBe(
    `Basic ${Buffer.from('operator:secret').toString('base64')}`,
  );
});
