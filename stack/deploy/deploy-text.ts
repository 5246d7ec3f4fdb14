import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Look, RollOut } from './roll-out.ts';

const COLUMNS = [
  ['share', 6],
  ['after', 7],
  ['failed', 24],
  ['slow', 24],
  ['calls for requests', 26],
  ['memory', 15],
  ['', 0],
] as const;

const row = (cells: readonly string[]) =>
  cells
    .map((cell, index) => cell.padEnd(COLUMNS[index]?.[1] ?? 0))
    .join('')
    .trimEnd();

export const lookHead = (): string => row(COLUMNS.map(([name]) => name));

/** One look: canary | stable. */
export function lookRow({ percent, afterMs, findings, verdict, because }: Look): string {
  const of = (signal: string) => {
    const found = findings.find((each) => each.signal === signal);
    return found ? [found.canary, found.stable].filter(Boolean).join(' | ') : '-';
  };
  return row([
    `${percent} %`,
    `${Math.round(afterMs / 1000)} s`,
    ...['errors', 'latency', 'calls', 'memory'].map(of),
    verdict === 'goes on' ? because : `${verdict}: ${because}`,
  ]);
}

/** When what happened, from the start of the deployment. */
export function timesInWords({ canaryReady, exposed, decided, ended }: RollOut['times']): string {
  const moments = [
    ['canary ready', canaryReady],
    ['first visitors', exposed],
    ['decided', decided],
    ['done', ended],
  ] as const;
  return moments
    .flatMap(([what, ms]) => (ms === undefined ? [] : [`${what} after ${duration(ms)}`]))
    .join(', ');
}
