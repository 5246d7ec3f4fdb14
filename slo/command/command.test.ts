import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shopDefinition } from '../testing/shop-definition.ts';
import { sloCommand } from './command.ts';

const repository = resolve(import.meta.dirname, '../..');
let folder: string;
let printed: string[];
let complained: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slo-command-'));
  printed = [];
  complained = [];
  await writeFile(join(folder, 'shop.yaml'), shopDefinition());
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<number> {
  return await sloCommand(args, {
    workingFolder: folder,
    repository,
    promtool: undefined,
    prometheus: 'http://127.0.0.1:9',
    responder: 'http://127.0.0.1:9',
    home: join(folder, 'my'),
    applyHome: async () => '',
    out: (line) => printed.push(line),
    err: (line) => complained.push(line),
  });
}

describe('slo', () => {
  it('generates rules, tests and an index into a folder that need not exist', async () => {
    expect(await run('generate', 'shop.yaml', '--out', 'a/b')).toBe(0);
    expect((await readdir(join(folder, 'a/b'))).sort()).toEqual([
      'shop-calls.rules.yml',
      'shop-calls.test.yml',
      'shop-calls.tickets.test.yml',
      'slo-index.generated.json',
    ]);
  });

  it('says so where telemetry for tests can not be made up', async () => {
    const sum = shopDefinition().replace(
      'result="error"}[{{.window}}]))',
      'result="error"}[{{.window}}])) + sum(rate(other_total[{{.window}}]))',
    );
    await writeFile(join(folder, 'sum.yaml'), sum);
    expect(await run('generate', 'sum.yaml', '--out', 'out')).toBe(0);
    expect(complained.join()).toContain('SLO shop-calls: no tests are generated');
    expect(await readdir(join(folder, 'out'))).not.toContain('shop-calls.test.yml');
  });

  it('writes nothing when a definition is wrong, and ends with 1', async () => {
    await writeFile(
      join(folder, 'bad.yaml'),
      shopDefinition({ target: 2 }).replaceAll('shop-calls', 'other'),
    );
    expect(await run('generate', 'shop.yaml', 'bad.yaml', '--out', 'out')).toBe(1);
    expect(complained.join()).toContain('bad.yaml:');
    expect(await readdir(folder)).not.toContain('out');
  });

  it('refuses a retention shorter than the period', async () => {
    expect(await run('validate', 'shop.yaml', '--retention', '15d')).toBe(1);
    expect(complained.join()).toContain(
      'found 30d, but Prometheus keeps 15d; possible: a retention of at least 30d',
    );
    expect(await run('validate', 'shop.yaml', '--retention', '35d')).toBe(0);
  });

  it('names a file that is not there', async () => {
    expect(await run('validate', 'none.yaml')).toBe(1);
    expect(complained).toEqual(['none.yaml: found no such file; possible: a file that can be read']);
  });

  it('takes other burn-rate windows, by flag or by setting', async () => {
    const windows = 'source: ours\npairs:\n  - { severity: page, budgetPercent: 1, long: 2h, short: 10m }\n';
    await writeFile(join(folder, 'windows.yaml'), windows);
    expect(await run('generate', 'shop.yaml', '--windows', 'windows.yaml', '--out', 'out')).toBe(0);
    const rules = await readFile(join(folder, 'out/shop-calls.rules.yml'), 'utf8');
    expect(rules).toContain('slo:sli_error:ratio_rate2h{slo="shop-calls",service="shop"} > 3.6 * 0.001');
    expect(rules).not.toContain('alert: ErrorBudgetSlowBurn');
    await writeFile(join(folder, 'windows.yaml'), windows.replace('2h', '2x'));
    expect(await run('validate', 'shop.yaml', '--windows', 'windows.yaml')).toBe(1);
    expect(complained.join()).toContain('windows.yaml:3: pairs[0].long: found "2x"');
  });

  it('labels the alerts of an SLO on trial, which Prometheus then sends to nobody', async () => {
    await writeFile(join(folder, 'trial.yaml'), shopDefinition({ annotations: { 'slo/burn-in': 'true' } }));
    expect(await run('generate', 'trial.yaml', '--out', 'out')).toBe(0);
    const rules = await readFile(join(folder, 'out/shop-calls.rules.yml'), 'utf8');
    const alerts = rules.split('- alert:').slice(1);
    expect(alerts.filter((alert) => !alert.includes('burn_in: "true"'))).toEqual([]);
    const configuration = parse(await readFile(join(repository, 'prometheus/prometheus.yml'), 'utf8'));
    expect(configuration.alerting.alert_relabel_configs).toContainEqual({
      source_labels: ['burn_in'],
      regex: 'true',
      action: 'drop',
    });
  });

  it('ends with 2 on a usage error', async () => {
    expect(await run('generate', 'shop.yaml')).toBe(2);
    expect(await run('generate', 'shop.yaml', '--out', 'x', '--runbook-base', 'nowhere')).toBe(2);
    expect(complained.join()).toContain('Expected an http(s) address, got nowhere');
  });
});
