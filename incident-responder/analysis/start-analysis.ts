import type { Registry } from 'prom-client';
import type { Verdict } from '../incidents/incident.ts';
import { repeat } from '../repeat.ts';
import { inTransaction } from '../store/database.ts';
import { type AnalysisMetrics, registerAnalysisMetrics } from './analysis-metrics.ts';
import type { AnalysisStore } from './analysis-store.ts';
import { type AnalystOptions, createAnalyst } from './analyst.ts';
import { createLanguageModel } from './language-model.ts';

const EVERY_MS = 5000;

export interface RunningAnalysis {
  readonly analyses: AnalysisStore;
  /** What a person thinks of the answer; false if there is none. */
  judge(incidentId: number, verdict: Verdict): boolean;
  stop(): Promise<void>;
}

/** Looks for incidents to explain every five seconds, beside everything else. */
export function startAnalysis(
  options: Omit<AnalystOptions, 'metrics' | 'model'> & {
    readonly registry: Registry;
    readonly everyMs?: number;
  },
): RunningAnalysis {
  const { settings, database, analyses, events, registry, log } = options;
  const metrics: AnalysisMetrics = registerAnalysisMetrics({ registry, analyses, model: settings.model });
  const analyst = createAnalyst({ ...options, metrics, model: createLanguageModel(settings) });
  const stopping = new AbortController();
  const loop = repeat({
    everyMs: options.everyMs ?? EVERY_MS,
    work: () => analyst.round(stopping.signal),
    signal: stopping.signal,
    onError: (error) => log.error({ err: error }, 'analysis failed'),
  });
  return {
    analyses,
    judge(incidentId, verdict) {
      const judged = inTransaction(database, () => analyses.judge(incidentId, verdict));
      if (judged) events.publish({ topic: 'incident', id: incidentId });
      return judged;
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
