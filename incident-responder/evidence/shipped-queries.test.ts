import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { readEvidenceQueries } from './evidence-queries.ts';

const promtool = process.env.PROMTOOL ?? 'promtool';
const isThere = spawnSync(promtool, ['--version']).status === 0;
const { failedRatio } = readEvidenceQueries(join(import.meta.dirname, 'queries.yaml'));

describe.skipIf(!isThere)('the share of answers that failed', () => {
  /** Throws with what promtool got, where it is another. */
  function isOf(service: string, share: number, counted: Readonly<Record<string, number>>): void {
    const folder = mkdtempSync(join(tmpdir(), 'shipped-queries-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'query.test.yml');
    const test = {
      interval: '5s',
      input_series: Object.entries(counted).map(([series, each]) => ({ series, values: `0+${each}x60` })),
      promql_expr_test: [
        {
          expr: failedRatio[0]!.query,
          eval_time: '4m',
          exp_samples: [{ labels: `{service_name="${service}"}`, value: share }],
        },
      ],
    };
    writeFileSync(file, stringify({ evaluation_interval: '5s', tests: [test] }));
    execFileSync(promtool, ['test', 'rules', file], { stdio: 'pipe' });
  }
  const spans = (service: string, status: string) =>
    `traces_services_calls_total{service_name="${service}",span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_${status}"}`;
  const edge = (server: string, failed: '' | 'failed_') =>
    `traces_service_graph_request_${failed}total{client="checkout",server="${server}"}`;

  it('is by its own account where no caller is seen', () => {
    isOf('payments', 0.25, { [spans('payments', 'ERROR')]: 1, [spans('payments', 'UNSET')]: 3 });
  });

  it('counts whom it turned away: only they know', () => {
    isOf('payments', 0.75, {
      [spans('payments', 'UNSET')]: 5,
      [edge('payments', '')]: 4,
      [edge('payments', 'failed_')]: 3,
    });
  });

  it('is none where nobody failed, and is known of a database by its callers', () => {
    isOf('payments', 0, { [spans('payments', 'UNSET')]: 5, [edge('payments', '')]: 5 });
    isOf('shop', 0.5, { [edge('shop', '')]: 2, [edge('shop', 'failed_')]: 1 });
    expect(() => isOf('shop', 0, { [edge('shop', '')]: 2, [edge('shop', 'failed_')]: 1 })).toThrow();
  });
});
