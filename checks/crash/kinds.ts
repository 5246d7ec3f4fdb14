import type { Kind, Stack } from './kind.ts';
import { countedEvents } from './kinds/counted-events.ts';
import { logLines } from './kinds/log-lines.ts';
import { samples } from './kinds/samples.ts';
import { spans } from './kinds/spans.ts';

/** Everything that is written and looked for, a column each. */
export function kinds(stack: Stack): readonly Kind[] {
  return [spans(stack), logLines(stack), countedEvents(stack), samples(stack)];
}
