import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { parse } from 'yaml';
import { z } from 'zod';

/** Key of the series that have no label `job`: those that rules record. */
const RECORDED = 'rules';

const most = z.int().positive();
const budgetSchema = z.strictObject({ default: most, jobs: z.record(z.string(), most) });
export type SeriesBudget = z.infer<typeof budgetSchema>;

export interface SeriesCost {
  readonly job: string;
  /** Series with a sample now. */
  readonly series: number;
  readonly budget: number;
}

/** Most active series by job. @throws naming the file and what is wrong in it */
export function readSeriesBudget(root: string): SeriesBudget {
  const file = join(root, 'prometheus', 'series-budget.yaml');
  const result = budgetSchema.safeParse(parse(readFileSync(file, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** What every job costs Prometheus in active series, the most expensive first. */
export async function seriesCosts(
  prometheus: Pick<PrometheusClient, 'query'>,
  { jobs, default: otherwise }: SeriesBudget,
): Promise<readonly SeriesCost[]> {
  const counts = await prometheus.query('count by (job) ({__name__=~".+"})');
  return counts
    .map(({ labels: { job = RECORDED }, value }) => ({
      job,
      series: value,
      budget: jobs[job] ?? otherwise,
    }))
    .toSorted((one, other) => other.series - one.series);
}

/** Jobs above their budget: each in a sentence. */
export const overBudget = (costs: readonly SeriesCost[]): readonly string[] =>
  costs
    .filter(({ series, budget }) => series > budget)
    .map(({ job, series, budget }) => `${job} has ${series} series, above its budget of ${budget}`);

export function seriesTable(costs: readonly SeriesCost[]): string {
  const table = plainTable(['job', 'active series', 'budget']);
  for (const { job, series, budget } of costs) table.push([job, `${series}`, `${budget}`]);
  table.push(['all', `${costs.reduce((sum, { series }) => sum + series, 0)}`, '']);
  return table.toString();
}
