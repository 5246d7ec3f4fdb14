import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import type { Slo } from '../model/slo.ts';
import { alertLabels, labelsOf } from './labels.ts';
import { type LinkBases, linkAnnotations } from './links.ts';
import type { Rule } from './rule-file.ts';
import * as sentences from './sentences.ts';
import { spokenName } from './templates.ts';

/** Two counters that are not scraped at the same moment differ by less. */
const TOLERANCE = 1.01;

/** More good events than events: bad ones would be fewer than none, and the SLO would show a full budget for ever. */
export function goodExceedsTotal(slo: Slo, links: LinkBases): Rule[] {
  const selector = sloSelector(slo);
  const alert = ALERTS.sliGoodExceedsTotal;
  const hour = (series: string) => `avg_over_time(${series}${selector}[1h])`;
  return [
    {
      record: SERIES.goodRatio1h,
      expr: `${hour(SERIES.goodRate5m)} / (${hour(totalRate('5m'))} > 0)`,
      labels: labelsOf(slo),
    },
    {
      alert,
      expr: `${SERIES.goodRatio1h}${selector} > ${TOLERANCE}`,
      for: '15m',
      labels: alertLabels(slo, { severity: 'ticket' }),
      annotations: {
        summary: `${spokenName(slo)}: more good events than there are events`,
        description:
          `Good events were ${sentences.percent(slo, SERIES.goodRatio1h)} of the total in the last hour. The queries of ` +
          'this SLO do not count the same events, so that it shows no errors whatever happens.',
        ...linkAnnotations(links, slo, alert),
      },
    },
  ];
}
