import { readFile } from 'node:fs/promises';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { z } from 'zod';
import { anomalyId as idOf } from '../alerts/anomaly-alert.ts';
import type { ReportedMovement } from '../alerts/current-alerts.ts';
import { explanationSchema } from '../explain/explanation.ts';
import { ANOMALY_SEVERITIES } from '../model/anomaly.ts';
import { anomalyId } from './verdict.ts';

const entry = z.object({
  anomalyId,
  rule: z.string(),
  labels: z.record(z.string(), z.string()),
  startsAtSeconds: z.number(),
  endedAtSeconds: z.number().or(z.undefined()).optional(),
  direction: z.enum(['above', 'below', 'stuck', 'missing']),
  severity: z.enum(ANOMALY_SEVERITIES),
  summary: z.string(),
  explanation: explanationSchema.optional(),
});
/** An anomaly that was alerted on. */
export type JournalEntry = Readonly<z.output<typeof entry>>;

/** What the journal keeps of an anomaly that is alerted on. */
export function journalEntry({ subject, episode, explanation, alert }: ReportedMovement): JournalEntry {
  const { rule, series } = subject;
  const { startsAtSeconds, endedAtSeconds, direction, severity } = episode;
  return {
    anomalyId: idOf(rule, series.labels, startsAtSeconds),
    rule: rule.name,
    labels: series.labels,
    startsAtSeconds,
    endedAtSeconds,
    direction,
    severity,
    summary: alert.annotations.summary!,
    explanation,
  };
}

const fileSchema = z.object({ version: z.literal(1), anomalies: z.array(entry) });

/** Entries are kept this long, and at most so many. */
const KEEP_SECONDS = 35 * 86_400;
const KEEP_ENTRIES = 2000;

export type AnomalyJournal = {
  readonly entries: ReadonlyMap<string, JournalEntry>;
  /** Adds or renews entries; what began is returned. Resolves once it is on disk. */
  note(entries: readonly JournalEntry[], nowSeconds: number): Promise<readonly JournalEntry[]>;
};

/** What the detector has alerted on in the last weeks, in one JSON file. An unreadable file is reported and replaced. */
export async function openAnomalyJournal(options: {
  file: string;
  onUnreadable: (reason: string) => void;
}): Promise<AnomalyJournal> {
  const { file } = options;
  const entries = new Map<string, JournalEntry>();
  try {
    const { anomalies } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    for (const one of anomalies) entries.set(one.anomalyId, one);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      options.onUnreadable((error as Error).message.slice(0, 300));
  }
  let writing: Promise<void> = Promise.resolve();
  return {
    entries,
    async note(noted, nowSeconds) {
      const begun = noted.filter((one) => !entries.has(one.anomalyId));
      const ended = noted.filter(
        (one) => entries.get(one.anomalyId)?.endedAtSeconds !== one.endedAtSeconds && !begun.includes(one),
      );
      for (const one of noted) entries.set(one.anomalyId, one);
      if (begun.length + ended.length === 0) return begun;
      const kept = [...entries.values()]
        .filter((one) => nowSeconds - one.startsAtSeconds < KEEP_SECONDS)
        .sort((a, b) => a.startsAtSeconds - b.startsAtSeconds)
        .slice(-KEEP_ENTRIES);
      entries.clear();
      for (const one of kept) entries.set(one.anomalyId, one);
      const text = JSON.stringify({ version: 1, anomalies: kept });
      // One after another, the last one wins; a failure is told to its own caller.
      const written = writing.then(() => writeAtomically(file, text, 0o600));
      writing = written.catch(() => {});
      await written;
      return begun;
    },
  };
}
