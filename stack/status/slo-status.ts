import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';

export interface SloStatus {
  readonly slo: string;
  readonly service: string;
  /** Share of good events that is promised, 0..1. */
  readonly objective: number;
  /** Share of the period's error budget that is left; may be negative. */
  readonly budgetRemaining: number | undefined;
  /** Current burn rate: 1 spends the budget exactly in its period. */
  readonly burnRate: number | undefined;
  /** Until the budget is gone at the rate of the last six hours; null: not at this rate. */
  readonly exhaustionSeconds: number | null | undefined;
}

export async function readSlos(prometheus: Pick<PrometheusClient, 'query'>): Promise<readonly SloStatus[]> {
  const [objectives, remaining, burn, exhaustion] = await Promise.all([
    prometheus.query(SERIES.objective),
    prometheus.query(SERIES.budgetRemaining),
    prometheus.query(SERIES.currentBurnRate),
    prometheus.query(SERIES.timeToExhaustion),
  ]);
  return objectives.map(({ labels: { slo = '', service = '' }, value }) => {
    const of = (samples: typeof objectives) =>
      samples.find(({ labels }) => labels.slo === slo && labels.service === service)?.value;
    const seconds = of(exhaustion);
    return {
      slo,
      service,
      objective: value,
      budgetRemaining: of(remaining),
      burnRate: of(burn),
      exhaustionSeconds: seconds === undefined || Number.isFinite(seconds) ? seconds : null,
    };
  });
}
