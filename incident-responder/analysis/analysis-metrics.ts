import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Counter, Gauge, type Registry } from 'prom-client';
import { ANALYSIS_OUTCOMES, type AnalysisOutcome, type AnalysisStore } from './analysis-store.ts';

const DAY_MS = 86_400_000;

export interface AnalysisMetrics {
  asked(outcome: AnalysisOutcome, inputTokens: number, outputTokens: number): void;
  withinBudget(within: boolean): void;
}

/** What the model is asked, what it costs and how often people found it right. */
export function registerAnalysisMetrics(options: {
  readonly registry: Registry;
  readonly analyses: AnalysisStore;
  readonly model: string;
  readonly now?: () => number;
}): AnalysisMetrics {
  const { registry, analyses, model, now = Date.now } = options;
  const registers = [registry];
  const questions = new Counter({
    name: METRICS.analyses,
    help: 'Questions to the language model by what came of them',
    labelNames: ['model', 'outcome'] as const,
    registers,
  });
  const tokens = new Counter({
    name: METRICS.tokenUsage,
    help: 'Tokens sent to and got from the language model',
    labelNames: ['model', 'direction'] as const,
    registers,
  });
  const budget = new Gauge({
    name: METRICS.analysisWithinBudget,
    help: '0 while the budget of the last 24 hours is spent and no model is asked',
    labelNames: ['model'] as const,
    registers,
  });
  new Gauge({
    name: METRICS.analysisCost,
    help: 'Dollars that the language model cost in the last 24 hours',
    labelNames: ['model'] as const,
    registers,
    collect() {
      this.set({ model }, analyses.spentSince(now() - DAY_MS).dollars);
    },
  });
  new Gauge({
    name: METRICS.diagnosisAccuracy,
    help: 'Share of judged explanations that people found right',
    labelNames: ['model'] as const,
    registers,
    collect() {
      const accuracy = analyses.accuracy();
      if (accuracy !== undefined) this.set({ model }, accuracy);
    },
  });
  for (const outcome of ANALYSIS_OUTCOMES) questions.inc({ model, outcome }, 0);
  for (const direction of ['input', 'output']) tokens.inc({ model, direction }, 0);
  budget.set({ model }, 1);
  return {
    asked(outcome, inputTokens, outputTokens) {
      questions.inc({ model, outcome });
      tokens.inc({ model, direction: 'input' }, inputTokens);
      tokens.inc({ model, direction: 'output' }, outputTokens);
    },
    withinBudget: (within) => budget.set({ model }, within ? 1 : 0),
  };
}
