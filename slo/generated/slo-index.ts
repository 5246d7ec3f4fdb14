import { errorRatio, SERIES, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { type BurnRatePair, type BurnRateWindows, pairsFor } from '../model/burn-rate-windows.ts';
import { secondsOf } from '../model/durations.ts';
import type { Indicator, Period, Service, Slo, SloOptions, TimeSlice } from '../model/slo.ts';
import type { Definitions } from '../reading/read-definitions.ts';
import { eventExpressions } from '../rules/event-expressions.ts';
import { labelsOf } from '../rules/labels.ts';
import type { LinkBases } from '../rules/links.ts';
import { sloRules } from '../rules/slo-rules.ts';
import { TICKET_INTERVAL } from '../rules/ticket-group.ts';

/** What dashboards and the history generator read: everything about the SLOs without reading rules. */
export interface SloIndex {
  readonly slos: readonly SloIndexEntry[];
  readonly services: readonly Service[];
  /** What every SLO's pairs are made from, with the factors of a period of 30 days. */
  readonly windows: Pick<BurnRateWindows, 'source'> & {
    readonly pairs: readonly Omit<BurnRatePair, 'threshold'>[];
  };
  /** Names of recorded series by what they are; `{window}` stands for one such as 1h. */
  readonly series: Readonly<Record<keyof typeof SERIES | 'errorRatio' | 'totalRate', string>>;
}

export interface SloIndexEntry {
  readonly name: string;
  readonly service: string;
  readonly displayName: string;
  readonly description: string;
  /** Numbers for arithmetic; rules use the exact decimal text. */
  readonly objective: number;
  readonly errorBudget: number;
  readonly periodDays: number;
  readonly period: Period;
  readonly labels: Readonly<Record<string, string>>;
  readonly groupBy: readonly string[];
  readonly timeSlice?: TimeSlice | undefined;
  readonly indicator: Indicator;
  readonly options: SloOptions;
  readonly pairs: readonly (BurnRatePair & { readonly thresholdRatio: number })[];
  readonly alerts: readonly { readonly alert: string; readonly severity: string }[];
  /** Every series the rules record. */
  readonly records: readonly string[];
  /** Series that the windows of a day and more average: what a past that was not lived through has to hold. */
  readonly history: {
    readonly stepSeconds: number;
    readonly series: readonly HistorySeries[];
  };
}

interface HistorySeries {
  readonly record: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its value from the raw counters, in events a second. */
  readonly expr: string;
}

export function sloIndex({ slos, services, windows }: Definitions, links: LinkBases): SloIndex {
  return {
    slos: slos.map((slo) => indexEntry(slo, links)),
    services,
    windows: {
      source: windows.source,
      pairs: pairsFor(30, '0', windows).pairs.map(({ threshold: _, ...pair }) => pair),
    },
    series: { ...SERIES, errorRatio: errorRatio('{window}'), totalRate: totalRate('{window}') },
  };
}

function indexEntry(slo: Slo, links: LinkBases): SloIndexEntry {
  const {
    name,
    service,
    displayName,
    description,
    labels,
    groupBy,
    period,
    periodDays,
    timeSlice,
    indicator,
    options,
  } = slo;
  const rules = sloRules(slo, links).groups.flatMap((group) => group.rules);
  return {
    name,
    service,
    displayName,
    description,
    objective: Number(slo.objective),
    errorBudget: Number(slo.errorBudget),
    periodDays,
    period,
    labels,
    groupBy,
    timeSlice,
    indicator,
    options,
    pairs: slo.pairs.map((pair) => ({
      ...pair,
      thresholdRatio: Number(pair.threshold),
    })),
    alerts: rules.flatMap((rule) =>
      'alert' in rule ? [{ alert: rule.alert, severity: rule.labels.severity ?? '' }] : [],
    ),
    records: rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])),
    history: { stepSeconds: secondsOf(TICKET_INTERVAL), series: historySeries(slo) },
  };
}

function historySeries(slo: Slo): HistorySeries[] {
  const labels = labelsOf(slo);
  if (slo.timeSlice) return [];
  const { bad, total } = eventExpressions(slo, '5m');
  return [
    { record: SERIES.totalRateMinute, labels, expr: total },
    { record: SERIES.badRateMinute, labels, expr: bad },
  ];
}
