import { markdownTable } from './markdown-table.ts';
import { type Outcome, type Quality, qualityOf, type Spread } from './quality.ts';
import { type LabSeverity, SEVERITIES } from './significance.ts';

export interface LabReport {
  readonly incidents: number;
  readonly negatives: number;
  readonly severities: Readonly<Record<LabSeverity, Quality>>;
  readonly scenarios: Readonly<Record<string, Readonly<Record<LabSeverity, Quality>>>>;
}

/** Heads of what {@link cells} gives. */
const QUALITY_COLUMNS = [
  'significant',
  'precision',
  'recall',
  'unfired',
  'detection, median / max',
  'reset, median / max',
  'against the exact step response',
];

/** Quality of all outcomes and of each scenario's. An incident is significant for some severity, a negative for none. */
export function labReport(outcomes: readonly Outcome[]): LabReport {
  const of = (all: readonly Outcome[]) =>
    Object.fromEntries(
      SEVERITIES.map((severity) => [
        severity,
        qualityOf(all.filter((outcome) => outcome.severity === severity)),
      ]),
    ) as Record<LabSeverity, Quality>;
  const names = [...new Set(outcomes.map(({ scenario }) => scenario))].sort();
  const byIncident = Map.groupBy(outcomes, ({ startSeconds }) => startSeconds);
  const incidents = [...byIncident.values()].filter((all) =>
    all.some(({ isSignificant }) => isSignificant),
  ).length;
  return {
    incidents,
    negatives: byIncident.size - incidents,
    severities: of(outcomes),
    scenarios: Object.fromEntries(
      names.map((name) => [name, of(outcomes.filter(({ scenario }) => scenario === name))]),
    ),
  };
}

/** The report as Markdown. */
export function reportMarkdown(report: LabReport, promtoolTests: readonly string[]): string {
  return `${[
    '# Alert lab: what the burn-rate alerts are worth',
    '',
    'Written by `npm run -s lab -- report`. The shipped rules of the SLO storefront-availability (99.9 % in 30 days), unmodified.',
    'An incident is significant for pages if it would spend 2 % of the budget within an hour or 5 % within six,',
    'for tickets if it would spend 10 % within three days. Every other alert episode is a false one.',
    '',
    '## Replay over true windows',
    '',
    `${report.incidents} incidents and ${report.negatives} negatives, counters scraped every 15 s, pages evaluated every 15 s and tickets every minute.`,
    '',
    markdownTable(
      ['', ...QUALITY_COLUMNS],
      SEVERITIES.map((severity) => [severity, ...cells(report.severities[severity])]),
    ),
    '',
    '## By scenario',
    '',
    markdownTable(
      ['scenario', 'severity', ...QUALITY_COLUMNS],
      Object.entries(report.scenarios).flatMap(([name, qualities]) =>
        SEVERITIES.map((severity) => [name, severity, ...cells(qualities[severity])]),
      ),
    ),
    '',
    '## promtool, in virtual time',
    '',
    'Each of these has passed: one evaluation before and at the moment of firing, reset, silence under the factors, no traffic,',
    'newborn counters, counter resets, missing telemetry and cold starts.',
    '',
    ...promtoolTests.map((name) => `- ${name}`),
  ].join('\n')}\n`;
}

function cells(quality: Quality): string[] {
  const {
    significant,
    insignificant,
    precision,
    recall,
    unfired,
    detectionSeconds,
    resetSeconds,
    againstTable,
  } = quality;
  return [
    `${significant} of ${significant + insignificant}`,
    precision.toFixed(3),
    recall.toFixed(3),
    String(unfired),
    spreadText(detectionSeconds),
    spreadText(resetSeconds),
    againstTable ? `${signed(againstTable.earliestSeconds)} to ${signed(againstTable.latestSeconds)}` : '-',
  ];
}

function spreadText(spread: Spread | undefined): string {
  return spread ? `${duration(spread.median)} / ${duration(spread.maximum)}` : '-';
}

function signed(seconds: number): string {
  return `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)} s`;
}

function duration(seconds: number): string {
  if (seconds < 600) return `${seconds} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
