import type { Slo } from '../model/slo.ts';
import { TICK_SECONDS } from './page-model.ts';
import { pageTests } from './page-tests.ts';
import { syntheticSeries } from './synthetic-series.ts';
import type { RuleTestFile } from './test-file.ts';
import { TICKET_TEST_INTERVAL, ticketTests } from './ticket-tests.ts';

/**
 * promtool tests of one SLO's rules, by file name: pages at every evaluation of 15 s, tickets at every fifth minute, since
 * one file has one interval. None for queries whose telemetry can not be made up.
 */
export function ruleTestFiles(slo: Slo): ReadonlyMap<string, RuleTestFile> {
  const series = syntheticSeries(slo);
  if ('reason' in series) return new Map();
  const file = (evaluation_interval: string, tests: RuleTestFile['tests']): RuleTestFile => ({
    rule_files: [`${slo.name}.rules.yml`],
    evaluation_interval,
    group_eval_order: ['page', 'ticket', 'period'].map((group) => `slo-${slo.name}-${group}`),
    tests,
  });
  return new Map([
    [`${slo.name}.test.yml`, file(`${TICK_SECONDS}s`, pageTests(slo, series))],
    [`${slo.name}.tickets.test.yml`, file(TICKET_TEST_INTERVAL, ticketTests(slo, series))],
  ]);
}
