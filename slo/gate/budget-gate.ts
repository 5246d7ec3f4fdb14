import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';

/** From this tier of docs/error-budget-policy.md on, at most 20 % of a budget being left, only fixes go out. */
const FROZEN_FROM_TIER = 2;

interface GatedSlo {
  readonly slo: string;
  readonly service: string;
  /** Of the error budget policy, 0 to 3. */
  readonly tier: number;
  /** Share of the period's budget that is left, as the tier goes by; may be negative. */
  readonly budgetLeft: number;
}

export interface GateVerdict {
  /** `unknown`: there is no budget to go by. */
  readonly verdict: 'allowed' | 'frozen' | 'unknown';
  /** In a sentence. */
  readonly because: string;
  /** Those with least left first. */
  readonly slos: readonly GatedSlo[];
}

/**
 * Whether the error budget policy lets a change go out: none of the SLOs concerned may have 20 % or less of its budget left, but
 * for what makes them better (`isFix`). SLOs on trial have no say.
 *
 * @param service whose SLOs; undefined: all
 */
export async function budgetGate(options: {
  readonly prometheus: Pick<PrometheusClient, 'query'>;
  readonly service?: string | undefined;
  readonly isFix: boolean;
}): Promise<GateVerdict> {
  const { prometheus, service, isFix } = options;
  const which = `{burn_in!="true"${service === undefined ? '' : `,service=${JSON.stringify(service)}`}}`;
  const [tiers, budgets] = await Promise.all(
    [SERIES.policyTier, SERIES.budgetProjected].map((series) => prometheus.query(`${series}${which}`)),
  );
  const slos = (tiers ?? [])
    .flatMap(({ labels: { slo = '', service = '' }, value: tier }): GatedSlo[] => {
      const budget = budgets?.find(({ labels }) => labels.slo === slo && labels.service === service);
      return budget && Number.isFinite(budget.value) && Number.isFinite(tier)
        ? [{ slo, service, tier, budgetLeft: budget.value }]
        : [];
    })
    .sort((a, b) => a.budgetLeft - b.budgetLeft);
  const [least] = slos;
  if (least === undefined)
    return {
      verdict: 'unknown',
      because: `no SLO${service === undefined ? '' : ` of ${service}`} has a budget in Prometheus`,
      slos,
    };
  const left = `${least.slo} has ${Math.round(least.budgetLeft * 100)} % of its error budget left (tier ${least.tier})`;
  if (slos.every(({ tier }) => tier < FROZEN_FROM_TIER)) return { verdict: 'allowed', because: left, slos };
  return isFix
    ? { verdict: 'allowed', because: `${left}; a fix may go out`, slos }
    : { verdict: 'frozen', because: `${left}; only fixes go out`, slos };
}
