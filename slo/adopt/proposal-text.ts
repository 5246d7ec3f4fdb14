import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { oneLine } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import type { Proposal, ProposedSlo } from './propose.ts';

const percent = (share: number) => `${Number((share * 100).toFixed(3))} %`;
const times = (count: number) => (count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`);

/** A proposal for people: what each SLO promises, why, and what its alerts would have done. */
export function proposalLines({ service, slos, leftOut }: Proposal): readonly string[] {
  return [
    ...slos.flatMap((slo) => [
      `${slo.name}: ${percent(Number(slo.objective))}. ${oneLine(slo.description)}`,
      ...slo.provisional.map((reason) => `  provisional: ${reason}`),
      `  ${consequences(slo)}`,
    ]),
    ...leftOut.map((reason) => `left out of ${oneLine(service)}: ${oneLine(reason)}`),
  ];
}

function consequences({ backtest, dataSeconds }: ProposedSlo): string {
  const [own] = backtest.targets;
  const over = `In the ${duration(dataSeconds * 1000)} of data`;
  if (!own || !(backtest.totalEvents > 0))
    return `${over} there is too little to say what alerts would have done.`;
  const spent = Number.isNaN(own.budgetSpent)
    ? ''
    : `, and ${percent(own.budgetSpent)} of such a time's budget would be spent`;
  return `${over} it would have paged ${times(own.pages.length)} and opened a ticket ${times(own.tickets.length)}${spent}.`;
}
