import { Document } from 'yaml';
import { API_VERSION } from '../reading/definition-schema.ts';
import type { ForeignSlo } from './foreign-slo.ts';

/** An SLO of another tool as an OpenSLO document; what is not kept stands above it as comments. */
export function definitionText(slo: ForeignSlo): string {
  const { counts, numerator, total } = slo.indicator;
  const source = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });
  const annotations = {
    ...slo.settings,
    ...(slo.groupBy.length > 0 && { 'slo/group-by': slo.groupBy.join(',') }),
  };
  const document = new Document({
    apiVersion: API_VERSION,
    kind: 'SLO',
    metadata: {
      name: slo.name,
      ...(Object.keys(slo.labels).length > 0 && { labels: slo.labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      ...(slo.description !== '' && { description: slo.description }),
      service: slo.service,
      indicator: {
        spec: { ratioMetric: { counter: true, [counts]: source(numerator), total: source(total) } },
      },
      timeWindow: [{ duration: `${slo.periodDays}d`, isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ targetPercent: slo.targetPercent }],
    },
  });
  document.commentBefore = [`From ${slo.origin}`, ...slo.notKept.map((note) => `not kept: ${note}`)]
    .map((line) => ` ${line}`)
    .join('\n');
  return document.toString({ lineWidth: 0 });
}
