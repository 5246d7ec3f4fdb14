import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SloIndex } from './slo-index.ts';

/** The compiler's index of this repository's SLOs: generated, committed and checked to be fresh, so read as it is. */
export function readSloIndex(): SloIndex {
  const file = join(import.meta.dirname, '..', '..', 'prometheus', 'rules', 'slo-index.generated.json');
  return JSON.parse(readFileSync(file, 'utf8')) as SloIndex;
}
