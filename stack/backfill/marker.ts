import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Layout } from '../native/layout.ts';

const markerSchema = z.strictObject({ fromSeconds: z.number(), untilSeconds: z.number() });

/** The range of generated history in this data folder, Unix seconds. */
export type HistoryRange = z.infer<typeof markerSchema>;

export function historyMarkerFile(layout: Layout): string {
  return join(layout.data('prometheus'), 'generated-history.json');
}

export function readHistoryMarker(layout: Layout): HistoryRange | undefined {
  const file = historyMarkerFile(layout);
  return existsSync(file) ? markerSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}
