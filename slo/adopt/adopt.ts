import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { readIfThere } from '@aiops-sre/service-kit/files/read-if-there.ts';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { parseAllDocuments } from 'yaml';
import { readDefinitions } from '../reading/read-definitions.ts';
import type { AdoptionSource, Proposal } from './propose.ts';

export interface Adoption {
  /** In the home folder. */
  readonly file: string;
  /** `written`; `kept`, as the service was adopted already; `changed`: on trial or not any more, and nothing else. */
  readonly how: 'written' | 'kept' | 'changed';
  readonly slos: readonly string[];
}

const POLL_MS = 1000;

/**
 * Writes a proposal into the home folder, has the platform take it in, and waits until its SLOs are evaluated. Where the service
 * is adopted already its definitions stay as they are, but for whether they are on trial.
 *
 * @throws Error naming the SLOs that were not evaluated within `timeoutMs`; the file stays
 * @throws FileError where the file that is there cannot be read
 */
export async function adoptSlos(options: {
  readonly proposal: Pick<Proposal, 'label' | 'yaml'>;
  readonly burnIn: boolean;
  readonly home: string;
  readonly prometheus: Pick<AdoptionSource, 'query'>;
  /** Has the running platform take the home folder in. */
  readonly apply: () => Promise<unknown>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<Adoption> {
  const { proposal, burnIn, home, prometheus, apply, timeoutMs, signal } = options;
  const file = join(home, 'slos', `${proposal.label}.yaml`);
  const before = await readIfThere(file);
  const text = before === undefined ? proposal.yaml : withBurnIn(before, burnIn);
  const slos = readDefinitions([{ file, text }]).slos.map(({ name }) => name);
  if (text !== before) await writeAtomically(file, text);
  await apply();
  await evaluated({ slos, prometheus, timeoutMs, signal });
  return { file, how: before === undefined ? 'written' : text === before ? 'kept' : 'changed', slos };
}

/** The same definitions on trial, or not any more; comments and all else stay. */
function withBurnIn(text: string, burnIn: boolean): string {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return text;
  let changed = false;
  for (const document of documents) {
    if (document.errors.length > 0 || document.get('kind') !== 'SLO') continue;
    const path = ['metadata', 'annotations', 'slo/burn-in'];
    if (String(document.getIn(path) ?? 'false') === String(burnIn)) continue;
    changed = true;
    if (burnIn) document.setIn(path, 'true');
    else {
      document.deleteIn(path);
      const annotations = document.getIn(path.slice(0, -1)) as { items?: readonly unknown[] } | undefined;
      if (annotations?.items?.length === 0) document.deleteIn(path.slice(0, -1));
    }
  }
  return changed ? documents.map((document) => document.toString({ lineWidth: 0 })).join('') : text;
}

async function evaluated(options: {
  readonly slos: readonly string[];
  readonly prometheus: Pick<AdoptionSource, 'query'>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<void> {
  const { slos, prometheus, timeoutMs, signal } = options;
  // Names are DNS labels: nothing to escape.
  const query = `count by (slo) (${totalRate('5m')}{slo=~"${slos.join('|')}"})`;
  for (const endMs = Date.now() + timeoutMs; ; await sleep(POLL_MS, undefined, { signal })) {
    signal?.throwIfAborted();
    const samples = await prometheus.query(query, signal).catch(() => []);
    const missing = slos.filter((name) => !samples.some(({ labels }) => labels.slo === name));
    if (missing.length === 0) return;
    if (Date.now() > endMs)
      throw new Error(
        `${missing.join(', ')}: not evaluated within ${Math.round(timeoutMs / 1000)} s. npm run status says whether the platform runs, npm run check-home whether the definitions are taken in; without telemetry there is nothing to evaluate.`,
      );
  }
}
