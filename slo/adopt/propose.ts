import { LONGEST_SERVICE_NAME_BYTES } from '@aiops-sre/conventions/semantic-attributes.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { shown } from '@aiops-sre/service-kit/schema/check.ts';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { type Backtest, backtest } from '../backtest/backtest.ts';
import { recordedRates } from '../backtest/recorded-rates.ts';
import type { Slo } from '../model/slo.ts';
import { readDefinitions } from '../reading/read-definitions.ts';
import { findCandidates } from '../suggest/candidates.ts';
import { learn, type Suggestion } from '../suggest/learn.ts';
import { prometheusSource } from '../suggest/prometheus-source.ts';
import { serviceLabel } from '../suggest/service-label.ts';
import { serviceDocument, suggestionDocument } from '../suggest/slo-document.ts';

/** What of Prometheus is asked of a service's telemetry. */
export type AdoptionSource = Pick<
  PrometheusClient,
  'query' | 'value' | 'queryRange' | 'labelValues' | 'series'
>;

/** SLOs for a service, from as much data as there is, with what they would have meant. */
export interface Proposal {
  /** `service.name`, as its telemetry has it. */
  readonly service: string;
  /** Label `service` of rules and alerts: the same, where that is a DNS label. */
  readonly label: string;
  /** OpenSLO documents that validate. */
  readonly yaml: string;
  readonly slos: readonly ProposedSlo[];
  /** What was looked at and could not be used, and why. */
  readonly leftOut: readonly string[];
}

export interface ProposedSlo {
  readonly name: string;
  /** Share of good events, as exact decimal text. */
  readonly objective: string;
  /** What counts. */
  readonly description: string;
  /** Why it is to be looked at again; empty where the past of a week and more stands behind it. */
  readonly provisional: readonly string[];
  readonly events: number;
  readonly dataSeconds: number;
  /** What its alerts would have done over the data there is. */
  readonly backtest: Backtest;
}

const DAYS = 28;
const NAMED = 12;

/**
 * Availability and latency of a service, as its telemetry speaks for them. Whatever the service is called, the names are
 * short DNS labels, and nothing of it gets into a query but as a quoted text.
 *
 * @throws FileError where nothing can be made of its telemetry, with why
 */
export async function proposeSlos(options: {
  readonly service: string;
  readonly prometheus: AdoptionSource;
  readonly nowSeconds: number;
  /** Alerts are computed and shown, and reach nobody. */
  readonly burnIn: boolean;
}): Promise<Proposal> {
  const { service, prometheus, nowSeconds, burnIn } = options;
  const source = prometheusSource({ prometheus, nowSeconds, days: DAYS });
  const all = await findCandidates(source);
  const own = all.filter((candidate) => isOf(service, candidate.service));
  const chosen = new Map<Suggestion['kind'], Suggestion>();
  const leftOut: string[] = [];
  for (const candidate of own) {
    const kind = candidate.kind === 'counter' ? 'availability' : 'latency';
    if (chosen.has(kind)) continue;
    const suggestion = await learn(source, candidate);
    if ('reason' in suggestion)
      leftOut.push(`${candidate.metric}{${candidate.selector}} ${suggestion.reason}`);
    else chosen.set(kind, suggestion);
  }
  if (chosen.size === 0) throw nothingFound(service, leftOut, [...new Set(all.map((each) => each.service))]);

  const label = serviceLabel(service);
  const suggestions = [...chosen.values()].map((suggestion) => ({
    name: `${label}-${suggestion.kind}`,
    suggestion,
  }));
  const yaml = [
    serviceDocument(label, service),
    ...suggestions.map(
      ({ name, suggestion }) =>
        suggestion.provisional.map((reason) => `# provisional: ${reason}\n`).join('') +
        suggestionDocument(name, label, suggestion, { burnIn }),
    ),
  ].join('---\n');
  const { slos } = readDefinitions([{ file: `${label}.yaml`, text: yaml }]);
  return {
    service,
    label,
    yaml,
    leftOut,
    slos: await Promise.all(
      suggestions.map(async ({ name, suggestion }): Promise<ProposedSlo> => {
        const slo = slos.find((each) => each.name === name)!;
        const { description, provisional, events, dataSeconds } = suggestion;
        return {
          name,
          objective: slo.objective,
          description,
          provisional,
          events,
          dataSeconds,
          backtest: await consequences(slo, prometheus, nowSeconds, dataSeconds),
        };
      }),
    ),
  };
}

const isOf = (service: string, told: string): boolean =>
  told === service || (told.length >= LONGEST_SERVICE_NAME_BYTES - 4 && service.startsWith(told));

function nothingFound(service: string, leftOut: readonly string[], known: readonly string[]): FileError {
  const others = known
    .slice(0, NAMED)
    .map((name) => shown(name))
    .join(', ');
  return new FileError([
    {
      file: `service ${shown(service)}`,
      path: '',
      found: leftOut.length > 0 ? leftOut.join('; ') : 'no requests of it, neither as spans nor as metrics',
      possible: `spans of requests, http.server.request.duration, or a scraped counter that tells failures${others ? `, as there are of ${others}` : ''}`,
    },
  ]);
}

/** What the alerts would have done since there is data. */
async function consequences(
  slo: Slo,
  prometheus: AdoptionSource,
  nowSeconds: number,
  dataSeconds: number,
): Promise<Backtest> {
  const untilSeconds = Math.floor(nowSeconds / 60) * 60;
  const fromSeconds = untilSeconds - Math.max(300, Math.ceil(dataSeconds / 300) * 300);
  const { rates } = await recordedRates({
    prometheus,
    slo,
    fromSeconds,
    untilSeconds,
    countersOnly: true,
  });
  return backtest({ slo, rates, fromSeconds, objectives: [] });
}
