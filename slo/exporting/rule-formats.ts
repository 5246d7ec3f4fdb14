import { stringify } from 'yaml';
import type { Slo } from '../model/slo.ts';
import type { LinkBases } from '../rules/links.ts';
import { sloRules } from '../rules/slo-rules.ts';

/** Whom rules are written for beside Prometheus itself. */
export const RULE_FORMATS = ['prometheus-operator', 'mimir', 'thanos'] as const;
export type RuleFormat = (typeof RULE_FORMATS)[number];

export interface ExportOptions {
  readonly links: LinkBases;
  /** Of pages, which follow the ruler's own interval otherwise: rulers evaluate every minute unless told. */
  readonly pageInterval: string;
  /** Namespace and labels of Kubernetes objects; an operator selects rules by them. */
  readonly namespace?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The rules of one SLO as a PrometheusRule of Kubernetes, as a namespace of Mimir's ruler (`mimirtool rules load`) or as a
 * rule file of Thanos' ruler.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
 * @see https://grafana.com/docs/mimir/latest/manage/tools/mimirtool/#rules
 * @see https://thanos.io/tip/components/rule.md/
 */
export function exportedRules(slo: Slo, format: RuleFormat, options: ExportOptions): string {
  const groups = sloRules(slo, options.links).groups.map((group) => ({
    name: group.name,
    interval: group.interval ?? options.pageInterval,
    // A budget from half of the stores would be a wrong one: no answer is better.
    ...(format === 'thanos' && { partial_response_strategy: 'abort' }),
    rules: group.rules,
  }));
  const content = {
    'prometheus-operator': () => ({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: {
        name: `slo-${slo.name}`,
        ...(options.namespace && { namespace: options.namespace }),
        ...(Object.keys(options.labels).length > 0 && { labels: options.labels }),
      },
      spec: { groups },
    }),
    mimir: () => ({ namespace: `slo-${slo.name}`, groups }),
    thanos: () => ({ groups }),
  }[format]();
  return `# Exported by \`npm run -s slo -- export\` from the SLO ${slo.name}. DO NOT EDIT: edit its definition, then export again.\n${stringify(
    content,
    { lineWidth: 0, aliasDuplicateObjects: false },
  )}`;
}
