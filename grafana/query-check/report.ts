import type { QueryResult } from './check-queries.ts';

/** One line a dashboard (panels, queries, time, the slowest) and one a problem. */
export function queryReport(results: readonly QueryResult[]): readonly string[] {
  const lines: string[] = [];
  for (const [uid, queries] of Map.groupBy(results, ({ dashboard }) => dashboard)) {
    const panels = new Set(queries.map(({ where }) => where).filter((where) => where.startsWith('panel ')))
      .size;
    const total = queries.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const slowest = queries.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one));
    lines.push(
      `${uid}: ${panels} panels, ${queries.length} queries in ${total.toFixed(0)} ms; the slowest ${slowest.milliseconds.toFixed(0)} ms, ${slowest.where} ${slowest.refId}`,
    );
    for (const { where, refId, problem, query } of queries)
      if (problem) lines.push(`  ${where} ${refId}: ${problem}\n    ${query}`);
  }
  return lines;
}
