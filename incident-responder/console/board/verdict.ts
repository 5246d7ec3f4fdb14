import { STATE } from '@aiops-sre/conventions/queries/slo.ts';
import type { Incident } from '../../incidents/incident.ts';
import type { WatchdogState } from '../../intake/watchdog.ts';
import type { Board } from './board.ts';

export interface Verdict {
  readonly tone: 'good' | 'attention' | 'bad';
  /** One line: yes, no, not quite, or that nobody can tell; and why. */
  readonly text: string;
}

/** Are we fine? What hurts users counts first, then what nobody could tell, then what will hurt. */
export function verdictOf({
  board,
  unresolved,
  watchdog,
}: {
  readonly board: Pick<Board, 'atMs' | 'slos' | 'anomalies' | 'targets' | 'notReady' | 'missing'>;
  readonly unresolved: readonly Pick<Incident, 'title' | 'severity' | 'status'>[];
  readonly watchdog: Pick<WatchdogState, 'silent'>;
}): Verdict {
  const { slos, anomalies, targets, notReady, missing } = board;
  const worst = unresolved.toSorted((a, b) => a.severity.localeCompare(b.severity))[0];
  const paging = slos.filter(({ state }) => state === STATE.page);
  if (worst !== undefined && ['SEV1', 'SEV2'].includes(worst.severity))
    return worst.status === 'open'
      ? { tone: 'bad', text: `No. ${worst.severity}: ${worst.title}` }
      : { tone: 'attention', text: `Getting there. ${worst.severity} is mitigated: ${worst.title}` };
  if (paging.length > 0)
    return {
      tone: 'bad',
      text: `No. ${names(paging)} ${paging.length === 1 ? 'spends its' : 'spend their'} budget too fast.`,
    };
  if (board.atMs === null || (missing.length > 0 && slos.length === 0))
    return { tone: 'attention', text: `Nobody can tell. ${missing[0] ?? 'Prometheus was not asked yet.'}` };
  if (watchdog.silent)
    return { tone: 'attention', text: 'Nobody can tell. The Watchdog is silent: alerts may not arrive.' };
  const troubled = slos.filter(({ state }) => state !== STATE.onTrack);
  const reasons = [
    ...(worst === undefined ? [] : [`${counted(unresolved.length, 'incident')} open`]),
    ...(troubled.length === 0 ? [] : [`${names(troubled)} not on track`]),
    ...(anomalies.length === 0 ? [] : [counted(anomalies.length, 'anomaly', 'anomalies')]),
    ...(targets.down.length === 0 ? [] : [`${counted(targets.down.length, 'target')} down`]),
    ...(notReady.length === 0 ? [] : [`${notReady.join(', ')} not ready`]),
    ...(missing.length === 0 ? [] : ['not all could be asked']),
  ];
  if (reasons.length > 0) return { tone: 'attention', text: `Not quite: ${reasons.join(', ')}.` };
  if (slos.length === 0)
    return { tone: 'good', text: 'Nothing is wrong that is watched, and there is no SLO yet.' };
  return {
    tone: 'good',
    text: `Yes. ${slos.length === 1 ? 'The one SLO keeps its objective' : `All ${slos.length} SLOs keep their objectives`}, and no incident is open.`,
  };
}

const MOST_NAMED = 2;
const names = (slos: readonly { readonly name: string }[]) =>
  slos.length <= MOST_NAMED
    ? slos.map(({ name }) => name).join(' and ')
    : `${slos[0]!.name} and ${slos.length - 1} more SLOs`;
const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
