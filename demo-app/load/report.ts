import { LATENCY_QUANTILE, OBJECTIVES } from './objectives.ts';
import type { Plan } from './plan.ts';

/** The part of k6's end-of-run data that the report reads: https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/ */
export interface RunData {
  readonly metrics: Readonly<
    Record<
      string,
      {
        readonly values: Readonly<Record<string, number>>;
        readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
      }
    >
  >;
}

interface Row {
  readonly scenario: string;
  readonly askedPerSecond: number;
  readonly requests: number;
  readonly serverErrorRatio: number;
  readonly medianMs: number;
  readonly quantileMs: number;
  readonly maxMs: number;
}

export interface Report {
  readonly storefrontUrl: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly availability: { readonly ratio: number; readonly target: number; readonly held: boolean };
  readonly latency: { readonly quantileMs: number; readonly withinMs: number; readonly held: boolean };
  /** Requests that k6 could not start in time. */
  readonly dropped: number;
  /** Requests that the storefront did not take: 4xx. */
  readonly refused: number;
}

/** What came of a run. A run without a single request held nothing. */
export function reportOf({ metrics }: RunData, plan: Plan): Report {
  const value = (metric: string, name: string) => metrics[metric]?.values[name] ?? 0;
  const held = (metric: string) => {
    const thresholds = Object.values(metrics[metric]?.thresholds ?? {});
    return thresholds.length > 0 && thresholds.every(({ ok }) => ok) && value('http_reqs', 'count') > 0;
  };
  const row = (scenario: string, askedPerSecond: number, tag: string): Row => ({
    scenario,
    askedPerSecond,
    requests: value(`http_req_duration${tag}`, 'count'),
    serverErrorRatio: value(`http_req_failed${tag}`, 'rate'),
    medianMs: value(`http_req_duration${tag}`, 'med'),
    quantileMs: value(`http_req_duration${tag}`, LATENCY_QUANTILE),
    maxMs: value(`http_req_duration${tag}`, 'max'),
  });
  const all = row('all', plan.fastPerSecond + plan.slowPerSecond, '');
  return {
    storefrontUrl: plan.storefrontUrl,
    seconds: plan.seconds,
    rows: [
      row('fast', plan.fastPerSecond, '{scenario:fast}'),
      row('slow', plan.slowPerSecond, '{scenario:slow}'),
      all,
    ],
    availability: {
      ratio: 1 - all.serverErrorRatio,
      target: OBJECTIVES.availability.target,
      held: held('http_req_failed'),
    },
    latency: {
      quantileMs: all.quantileMs,
      withinMs: OBJECTIVES.latency.withinMs,
      held: held('http_req_duration'),
    },
    dropped: value('dropped_iterations', 'count'),
    refused: value('checks', 'fails'),
  };
}

const percent = (ratio: number, digits = 2) => `${(ratio * 100).toFixed(digits)} %`;
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** The report for people: a table, the verdict on each objective, and what to look at next. */
export function describeReport(report: Report): string {
  const head = ['', 'asked for', 'requests', 'server errors', 'median', 'p95', 'slowest'];
  const rows = report.rows.map((row) => [
    row.scenario,
    `${row.askedPerSecond} /s`,
    String(row.requests),
    percent(row.serverErrorRatio),
    ms(row.medianMs),
    ms(row.quantileMs),
    ms(row.maxMs),
  ]);
  const { availability, latency, dropped, refused } = report;
  const verdict = (held: boolean) => (held ? 'held' : 'MISSED');
  const objectives = [
    [
      'availability',
      percent(availability.ratio),
      `at least ${percent(availability.target, 1)}`,
      verdict(availability.held),
    ],
    ['latency, p95', ms(latency.quantileMs), `at most ${latency.withinMs} ms`, verdict(latency.held)],
  ];
  const isMissed = !availability.held || !latency.held;
  return [
    `\nLoad on ${report.storefrontUrl} for ${report.seconds} s`,
    '',
    ...aligned([head, ...rows]),
    '',
    'The SLOs of the storefront, held against this run alone:',
    ...aligned(objectives),
    ...(dropped > 0 ? ['', `${dropped} requests were not sent: k6 had no virtual user left for them.`] : []),
    ...(refused > 0
      ? ['', `${refused} requests were refused (4xx): is ${report.storefrontUrl} the storefront?`]
      : []),
    ...(isMissed ? ['', 'Next: npm run status, the dashboards, or the console on :8091.'] : []),
    '',
  ].join('\n');
}

/** The first column to the left, as it holds names, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]! + 3)))
      .join('')
      .trimEnd(),
  );
}
