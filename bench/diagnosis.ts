import { measureDiagnosis } from '@aiops-sre/incident-responder/testing/measure-diagnosis.ts';
import type { Benchmark } from './figures.ts';

const ROUNDS = 5;

/** One alert, with backends that answer in 50 ms: what the responder itself takes. */
export const diagnosisBenchmark: Benchmark = {
  description: 'diagnosis: from an alert to the first ranking of roots, and to one with traces and logs',
  async run({ signal }) {
    const { rankedSeconds, fullSeconds, slowestSeconds } = await measureDiagnosis(ROUNDS, signal);
    return {
      webhook_to_first_ranking: { value: rankedSeconds, unit: 's' },
      webhook_to_full_evidence: { value: fullSeconds, unit: 's' },
      webhook_to_full_evidence_slowest: { value: slowestSeconds, unit: 's' },
    };
  },
};
