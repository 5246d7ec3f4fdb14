import type { Slo } from '../model/slo.ts';
import type { LinkBases } from './links.ts';
import { pageGroup } from './page-group.ts';
import { periodGroup } from './period-group.ts';
import type { RuleFile } from './rule-file.ts';
import { ticketGroup } from './ticket-group.ts';

/** All rules of one SLO. Pairs that can not fire at its objective are left out; the reader of definitions warns of them. */
export function sloRules(slo: Slo, links: LinkBases): RuleFile {
  const groups = [pageGroup(slo, links), ticketGroup(slo, links), periodGroup(slo, links)];
  if (slo.groupBy.length === 0) return { groups };
  return {
    groups: groups.map(({ rules, ...group }) => ({ ...group, limit: slo.options.maximumGroups, rules })),
  };
}
