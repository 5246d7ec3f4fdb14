import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { secondsOf } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { byClause, overWindow } from '../promql/promql.ts';
import { alertLabels, seriesLabels } from './labels.ts';
import { type LinkBases, linkAnnotations } from './links.ts';
import type { AlertRule } from './rule-file.ts';
import * as sentences from './sentences.ts';
import { spokenName } from './templates.ts';

/** How long the indicator may be no number, although there is telemetry with events, until somebody hears of it. */
const UNKNOWN_FOR = '30m';
/** A group that has not been seen for so long is one that nobody runs any more. */
const GROUP_REMEMBERED = '1d';

/**
 * Nobody can say whether the service works: what the queries select has no samples, or gives no number for half an hour.
 * The selectors are asked, since a query can have a value without any of its telemetry.
 */
export function absenceAlert(slo: Slo, links: LinkBases): AlertRule {
  const alert = ALERTS.sliTelemetryAbsent;
  return {
    alert,
    expr: slo.groupBy.length === 0 ? absentExpression(slo) : absentGroups(slo),
    // Long enough for a restart of Prometheus to have scraped twice again.
    for: '2m',
    labels: alertLabels(slo, { severity: slo.options.absenceSeverity }),
    annotations: {
      summary: `${spokenName(slo)}: no telemetry, nobody can say whether ${slo.service} works`,
      description:
        `The counters of this SLO have had no samples for about ${Math.round(secondsOf('5m') / 60) + 2} minutes. ` +
        'Either nothing of the service runs, or what it measures no longer reaches Prometheus. ' +
        `${sentences.budgetLeft(slo)}`,
      ...linkAnnotations(links, slo, alert),
    },
  };
}

function absentExpression(slo: Slo): string {
  const bad = `${SERIES.badRate5m}${sloSelector(slo)}`;
  const unknown = `absent_over_time(${bad}[${UNKNOWN_FOR}]) unless on () (${totalRate('5m')}${sloSelector(slo)} == 0)`;
  return `absent(${bad}) and on () (${judged(slo)
    .map((selector) => `absent(${selector})`)
    .join(' or ')})\nor ${unknown}`;
}

/** Groups that were there within a day and are not now; without any group, the SLO as a whole. */
function absentGroups(slo: Slo): string {
  const bad = `${SERIES.badRate5m}${sloSelector(slo)}`;
  const by = byClause(slo.groupBy).trim().replace(/^by /, '');
  const alive = judged(slo).map((selector) => `group${byClause(slo.groupBy)}(${selector})`);
  return (
    `(max ${seriesLabels(slo)} (last_over_time(${bad}[${GROUP_REMEMBERED}])) unless ${bad})\n` +
    `unless on ${by} (${alive.join(` and on ${by} `)})\n` +
    `or absent_over_time(${bad}[${GROUP_REMEMBERED}])`
  );
}

/** Selectors without which there is no telemetry: a counter of bad events may only be there from the first one on. */
function judged({ indicator }: Slo): readonly string[] {
  const { numerator, total } = indicator.selectors;
  const selectors = [...total, ...(indicator.missingNumerator === 'no-data' ? numerator : [])];
  return [...new Set(selectors)].map((selector) => overWindow(selector, '5m'));
}
