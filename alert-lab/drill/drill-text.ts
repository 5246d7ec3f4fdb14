import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import type { DrillResult } from './play-drill.ts';

/** A drill's result for people: times, audit log, verdict. */
export function drillText({ drill, passed, failure, milestones, audit, auditIntact }: DrillResult): string {
  const times = plainTable(['after', 'allowed', 'what']);
  for (const { what, afterSeconds, withinSeconds } of milestones)
    times.push([`${afterSeconds.toFixed(0)} s`, withinSeconds === null ? '' : `${withinSeconds} s`, what]);
  const log = plainTable(['#', 'at (UTC)', 'who', 'what', 'why']);
  for (const { sequence, at, actor, event, detail } of audit)
    log.push([
      String(sequence),
      at.slice(11, 19),
      actor,
      event,
      String(detail.reason ?? detail.title ?? '').slice(0, 90),
    ]);
  const chain = auditIntact === null ? 'not verified' : auditIntact ? 'intact' : 'BROKEN';
  return [
    '',
    times.toString(),
    ...(audit.length > 0 ? ['', 'Audit log', log.toString()] : []),
    '',
    `Hash chain of the audit log: ${chain}.`,
    passed ? `${drill}: passed.` : `${drill}: FAILED: ${failure}`,
  ].join('\n');
}
