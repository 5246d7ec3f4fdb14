import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Gauge, type Registry } from 'prom-client';
import { ROOT_VERDICTS, VERDICT_SOURCES, VERDICTS } from '../incidents/incident.ts';
import { bandOf, CLAIMED_FROM, type Scorecard, type ScorecardFacts, STAGES, scorecard } from './scorecard.ts';

/** Reading all that is kept takes a while, and nothing of it changes in seconds. */
const COUNTED_ANEW_MS = 30_000;

export interface ScorecardMetricsOptions {
  readonly registry: Registry;
  /** Of all incidents kept. */
  readonly facts: () => ScorecardFacts;
  readonly now?: () => number;
}

/** The scorecard over the incidents kept, as gauges; what nothing is known of yet is absent. */
export function registerScorecardMetrics({ registry, facts, now = Date.now }: ScorecardMetricsOptions): void {
  const registers = [registry];
  let counted:
    | { readonly atMs: number; readonly facts: ScorecardFacts; readonly card: Scorecard }
    | undefined;
  function latest() {
    if (counted === undefined || now() - counted.atMs >= COUNTED_ANEW_MS) {
      const of = facts();
      counted = { atMs: now(), facts: of, card: scorecard(of) };
    }
    return counted;
  }

  new Gauge({
    name: METRICS.incidentTime,
    help: 'Seconds from the onset of an incident until it was detected, acknowledged, mitigated and resolved, over the incidents kept',
    labelNames: ['stage', 'quantile'] as const,
    registers,
    collect() {
      const { times } = latest().card;
      for (const stage of STAGES) {
        const { medianSeconds, p90Seconds } = times[stage];
        if (medianSeconds !== null) this.set({ stage, quantile: '0.5' }, medianSeconds);
        if (p90Seconds !== null) this.set({ stage, quantile: '0.9' }, p90Seconds);
      }
    },
  });
  new Gauge({
    name: METRICS.rootVerdicts,
    help: 'Probable roots that were judged, by verdict, by who did, and by the confidence claimed from which on, over the incidents kept',
    labelNames: ['verdict', 'source', 'claimed'] as const,
    registers,
    collect() {
      for (const verdict of ROOT_VERDICTS)
        for (const source of VERDICT_SOURCES)
          for (const claimed of CLAIMED_FROM) this.set({ verdict, source, claimed: String(claimed) }, 0);
      for (const { verdict, source, confidence } of latest().facts.incidents)
        if (verdict !== null && source !== null)
          this.inc({ verdict, source, claimed: String(bandOf(confidence ?? 0)) });
    },
  });
  new Gauge({
    name: METRICS.actionVerdicts,
    help: 'Runs of actions that were judged, by verdict and by who did, over those kept',
    labelNames: ['verdict', 'source'] as const,
    registers,
    collect() {
      for (const verdict of VERDICTS) for (const source of VERDICT_SOURCES) this.set({ verdict, source }, 0);
      for (const { judged } of latest().facts.runs)
        if (judged !== undefined) this.inc({ verdict: judged.verdict, source: judged.source });
    },
  });
  const gauge = (name: string, help: string, value: (card: Scorecard) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(latest().card));
      },
    });
  gauge(METRICS.keptIncidents, 'Incidents kept', ({ incidents }) => incidents.opened);
  gauge(METRICS.resolvedIncidents, 'Incidents kept that are resolved', ({ incidents }) => incidents.resolved);
  gauge(
    METRICS.autoHealedIncidents,
    'Incidents kept that an action ended which nobody had to approve',
    ({ autoHealed }) => autoHealed,
  );
  gauge(METRICS.postmortems, 'Postmortem drafts kept', ({ postmortems }) => postmortems.written);
}
