import type { Kind, Stack } from './kind.ts';
import { alerts } from './kinds/alerts.ts';
import { auditEntries } from './kinds/audit-entries.ts';
import { checkouts } from './kinds/checkouts.ts';
import { countedEvents } from './kinds/counted-events.ts';
import { logLines } from './kinds/log-lines.ts';
import { samples } from './kinds/samples.ts';
import { silences } from './kinds/silences.ts';
import { spans } from './kinds/spans.ts';
import { verdicts } from './kinds/verdicts.ts';

/** Everything that is written and looked for, a column each. */
export function kinds(stack: Stack): readonly Kind[] {
  return [
    spans(stack),
    logLines(stack),
    countedEvents(stack),
    samples(stack),
    alerts(stack),
    silences(stack),
    verdicts(stack),
    auditEntries(stack),
    checkouts(stack),
  ];
}
