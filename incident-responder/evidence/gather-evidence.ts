import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import {
  type Labels,
  type RangeSeries,
  type Sample,
  sampleValue,
} from '@aiops-sre/service-kit/prometheus/samples.ts';
import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import type { AnomalyReading, Change, Evidence, InstanceHealth, ServiceHealth } from './evidence.ts';
import { type EvidencePart, type EvidenceQueries, SERIES_PARTS } from './evidence-queries.ts';
import { type SignalSeries, serviceDeviations, timeAround } from './service-deviations.ts';

/** Of a query: bounds what one assessment takes in. */
const MAX_SAMPLES = 200;
/** Of series over time: three of these make a time before. */
const STEP_SECONDS = 30;
/** Of what is asked for at its worst since: finer, as instances come back within a minute. */
const WORST_STEP_SECONDS = 10;
const WORST_STEPS = 180;
/** How instances are as a rule is seen in so many hours: what comes each hour is theirs, what came once is not. */
const HOURS_BEFORE = 3;
const HOUR_SECONDS = 3600;
const HOURS_STEP_SECONDS = 60;

/** Prometheus remarks on a query so; what else it warns of is about the answer. */
const OF_THE_QUERY = 'PromQL ';

export interface GatherEvidenceOptions {
  readonly queries: EvidenceQueries;
  readonly prometheus: PrometheusClient;
  /** Flag changes seen by the responder itself. */
  readonly flagChanges: () => readonly Change[];
  readonly now?: () => number;
}

/**
 * Asks Prometheus everything at once about an incident that began at `onsetMs`; a query without an answer leaves its part empty.
 */
export async function gatherEvidence(options: GatherEvidenceOptions, onsetMs: number): Promise<Evidence> {
  const { queries, prometheus, flagChanges, now = Date.now } = options;
  const onsetSeconds = onsetMs / 1000;
  const span = timeAround(onsetSeconds);
  const endSeconds = Math.min(span.endSeconds, now() / 1000);
  const missing: string[] = [];
  /** What each query of the part is answered with, in their order. */
  const answers = async <T>(
    part: EvidencePart,
    answer: (query: string, names: EvidenceQueries[EvidencePart][number]['labels']) => Promise<T[]>,
  ): Promise<T[]> => {
    const asked = queries[part].map(async ({ query, labels }) => {
      try {
        return await answer(query, labels);
      } catch (error) {
        missing.push(`${part}: ${(error as Error).message}`);
        return [];
      }
    });
    return (await Promise.all(asked)).flat();
  };
  /** An answer that may lack some of its series is counted, and named. */
  const askRange = async (part: EvidencePart, range: Parameters<PrometheusClient['queryRange']>[0]) => {
    const { series, warnings } = await prometheus.queryRange(range);
    const lacking = warnings.find((warning) => !warning.startsWith(OF_THE_QUERY));
    if (lacking !== undefined) missing.push(`${part}: answered in part: ${lacking}`);
    return series;
  };
  const ask = (part: EvidencePart): Promise<Sample[]> =>
    answers(part, async (query, names) => {
      const samples = await prometheus.query(query);
      return samples
        .filter(({ value }) => Number.isFinite(value))
        .slice(0, MAX_SAMPLES)
        .map(({ labels, value }) => ({ labels: renamed(labels, names), value }));
    });
  /** Of each series what `told` makes of its values, and by which query; those left out of which it makes nothing. */
  const askValues = (
    part: EvidencePart,
    range: { readonly startSeconds: number; readonly endSeconds: number; readonly stepSeconds: number },
    told: (values: readonly TimedValue[]) => number | undefined,
  ): Promise<KindOfWork[]> =>
    answers(part, async (query, names) => {
      const series = await askRange(part, { query, ...range });
      return series.slice(0, MAX_SAMPLES).flatMap(({ labels, samples }) => {
        const values = samples
          .map(([atSeconds, text]) => ({ atSeconds, value: sampleValue(text) }))
          .filter(({ value }) => Number.isFinite(value));
        const value = told(values);
        return value === undefined ? [] : [{ query, labels: renamed(labels, names), value }];
      });
    });
  const beganSeconds = onsetSeconds - 2 * STEP_SECONDS;
  /** The worst that lasted, since shortly before the onset: trouble that has ended counts. */
  const askWorst = (part: EvidencePart, worst: 'smallest' | 'largest') => {
    const lastSeconds = Math.max(now() / 1000, beganSeconds);
    const stepSeconds = Math.max(WORST_STEP_SECONDS, Math.ceil((lastSeconds - beganSeconds) / WORST_STEPS));
    const range = { startSeconds: beganSeconds, endSeconds: lastSeconds, stepSeconds };
    return askValues(part, range, (values) => lasting(values, worst));
  };
  /** The largest that lasted in an hour, as it was in most hours before. */
  const askUsual = (part: EvidencePart) => {
    const startSeconds = beganSeconds - HOURS_BEFORE * HOUR_SECONDS;
    const range = { startSeconds, endSeconds: beganSeconds - 1, stepSeconds: HOURS_STEP_SECONDS };
    return askValues(part, range, (values) => {
      const hours = Map.groupBy(values, ({ atSeconds }) =>
        Math.floor((atSeconds - startSeconds) / HOUR_SECONDS),
      );
      return median(
        Array.from({ length: HOURS_BEFORE }, (_, hour) => lasting(hours.get(hour) ?? [], 'largest') ?? 0),
      );
    });
  };
  const askSeries = async (part: keyof typeof SERIES_PARTS): Promise<SignalSeries[]> => {
    const found = await answers(part, async (query, names) => {
      const range = { query, startSeconds: span.startSeconds, endSeconds, stepSeconds: STEP_SECONDS };
      const series = await askRange(part, range);
      return series
        .slice(0, MAX_SAMPLES)
        .map((each) => signalSeries(part, renamed(each.labels, names).service ?? '', each, range));
    });
    // Of several queries the first that knows a service counts.
    const byService = Map.groupBy(found, ({ service }) => service);
    return [...byService.values()].map(([first]) => first!);
  };
  const parts = Object.keys(SERIES_PARTS) as (keyof typeof SERIES_PARTS)[];
  const [series, up, instances, usual, anomalies, deploys, versionsBefore, deployedAt] = await Promise.all([
    Promise.all(parts.map(askSeries)),
    askWorst('upRatio', 'smallest'),
    askWorst('instanceFailedRatio', 'largest'),
    askUsual('instanceFailedRatio'),
    ask('anomalies'),
    ask('deploys'),
    ask('versionsBefore'),
    ask('deployedAt'),
  ]);
  return {
    changes: [...flagChanges(), ...deployChanges(deploys, versionsBefore, deployedAt)],
    services: serviceHealth(up),
    deviations: serviceDeviations(series.flat(), onsetSeconds),
    instances: instanceHealth(instances, usual),
    anomalies: anomalies.map(anomalyReading),
    missing,
  };
}

/** One scrape that failed is no outage: so many steps on end are. */
const LASTS_STEPS = 3;

/** Each query tells of another. */
interface KindOfWork extends Sample {
  readonly query: string;
}

interface TimedValue {
  readonly atSeconds: number;
  readonly value: number;
}

/**
 * The smallest, or largest, value that was not left for {@link LASTS_STEPS} steps; of fewer values the mildest, of none
 * undefined.
 */
function lasting(timed: readonly TimedValue[], worst: 'smallest' | 'largest'): number | undefined {
  if (timed.length === 0) return undefined;
  const values = timed.map(({ value }) => value);
  const [mildest, hardest] = worst === 'smallest' ? [Math.max, Math.min] : [Math.min, Math.max];
  const stretches = Array.from({ length: Math.max(1, values.length - LASTS_STEPS + 1) }, (_, start) =>
    mildest(...values.slice(start, start + LASTS_STEPS)),
  );
  return hardest(...stretches);
}

/** Labels as they are called here, of those that a query names in its own way. */
function renamed(labels: Labels, names: Readonly<Record<string, string>>): Labels {
  return Object.fromEntries(
    Object.entries(names).flatMap(([ours, theirs]) => {
      const value = labels[theirs];
      return value === undefined ? [] : [[ours, value]];
    }),
  );
}

function serviceHealth(up: Sample[]): ServiceHealth[] {
  // Of several queries the first that knows a service counts: the last entry of a Map stays.
  const byService = new Map(up.toReversed().map(({ labels, value }) => [labels.service ?? '', value]));
  return [...byService].map(([service, upRatio]) => ({ service, upRatio }));
}

function signalSeries(
  part: keyof typeof SERIES_PARTS,
  service: string,
  { samples }: RangeSeries,
  { startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number },
): SignalSeries {
  const values = Array.from(
    { length: Math.floor((endSeconds - startSeconds) / STEP_SECONDS) + 1 },
    () => null,
  ) as (number | null)[];
  for (const [atSeconds, text] of samples) {
    const value = sampleValue(text);
    // Requests are asked for as a rate.
    if (Number.isFinite(value))
      values[Math.round((atSeconds - startSeconds) / STEP_SECONDS)] =
        part === 'requests' ? value * STEP_SECONDS : value;
  }
  return {
    service,
    signal: SERIES_PARTS[part],
    // A sample is of the time up to it.
    startSeconds: startSeconds - STEP_SECONDS,
    stepSeconds: STEP_SECONDS,
    values,
  };
}

/** An instance that does several kinds of work is there once for each. */
function instanceHealth(since: KindOfWork[], usual: KindOfWork[]): InstanceHealth[] {
  const keyOf = ({ query, labels }: KindOfWork) => JSON.stringify([query, labels.service, labels.instance]);
  const usualOf = new Map(usual.map((sample) => [keyOf(sample), sample.value]));
  return since.map((sample) => ({
    service: sample.labels.service ?? '',
    instance: sample.labels.instance ?? '',
    failedRatio: sample.value,
    usualFailedRatio: usualOf.get(keyOf(sample)) ?? 0,
  }));
}

const anomalyReading = ({ labels, value }: Sample): AnomalyReading => ({
  rule: labels.rule ?? '',
  service: labels.service ?? '',
  instance: labels.instance,
  score: value,
});

/** Whoever has no revision but the version says it once. */
const versionOf = ({ labels }: Sample): string =>
  [...new Set([labels.version, labels.revision])].filter(Boolean).join(' ');

function deployChanges(deploys: Sample[], versionsBefore: Sample[], deployedAt: Sample[]): Change[] {
  return deploys.map(({ labels }) => {
    // Whoever does not say the version tells revisions apart by themselves.
    const seen = deployedAt.find(
      (each) =>
        each.labels.service === labels.service &&
        each.labels.revision === labels.revision &&
        (each.labels.version ?? labels.version) === labels.version,
    );
    return {
      kind: 'deploy' as const,
      service: labels.service ?? '',
      subject: labels.revision ?? '',
      from:
        versionsBefore
          .filter(({ labels: { service } }) => service === labels.service)
          .map(versionOf)
          .join(', ') || 'another revision',
      to: versionOf({ labels, value: 1 }),
      atMs: (seen?.value ?? 0) * 1000,
    };
  });
}
