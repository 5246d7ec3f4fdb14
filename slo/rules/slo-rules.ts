import { pairsFor } from '../model/burn-rate-windows.ts';
import type { Slo } from '../model/slo.ts';
import type { LinkBases } from './links.ts';
import { pageGroup } from './page-group.ts';
import { periodGroup } from './period-group.ts';
import type { RuleFile } from './rule-file.ts';
import { ticketGroup } from './ticket-group.ts';

/** All rules of one SLO. Pairs that can not fire at its objective are left out; the reader of definitions warns of them. */
export function sloRules(slo: Slo, links: LinkBases): RuleFile {
  const { pairs } = pairsFor(slo.periodDays, slo.errorBudget);
  return { groups: [pageGroup(slo, pairs, links), ticketGroup(slo, pairs, links), periodGroup(slo, links)] };
}
