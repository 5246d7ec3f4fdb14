import { durationMs, durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';
import { dnsLabel, type ForeignSlo, type Imported } from './foreign-slo.ts';

const metric = z.looseObject({ metric: z.string().min(1) });
const grouping = z.array(z.string()).nullish();

const objectiveSchema = z.looseObject({
  kind: z.literal('ServiceLevelObjective'),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().nullish(),
    labels: z.record(z.string(), z.coerce.string()).nullish(),
    annotations: z.record(z.string(), z.coerce.string()).nullish(),
  }),
  spec: z.looseObject({
    description: z.string().nullish(),
    target: z.coerce.number().gt(0).lt(100),
    window: z.string().min(1),
    indicator: z.looseObject({
      ratio: z.looseObject({ errors: metric, total: metric, grouping }).nullish(),
      latency: z.looseObject({ success: metric, total: metric, grouping }).nullish(),
      latencyNative: z.looseObject({ total: metric, latency: z.string(), grouping }).nullish(),
      bool_gauge: z.looseObject({ metric: z.string(), grouping }).nullish(),
    }),
    alerting: z
      .looseObject({
        disabled: z.boolean().nullish(),
        burnrates: z.boolean().nullish(),
        absent: z.boolean().nullish(),
        name: z.string().nullish(),
        absentName: z.string().nullish(),
        severities: z.unknown().optional(),
      })
      .nullish(),
  }),
});

const LABEL_PREFIX = 'pyrra.dev/';

export function isPyrra(document: unknown): boolean {
  return String((document as { apiVersion?: unknown } | null)?.apiVersion ?? '').startsWith('pyrra.dev/');
}

/**
 * The SLO of a document in Pyrra's form.
 * @see https://github.com/pyrra-dev/pyrra/blob/main/kubernetes/api/v1alpha1/servicelevelobjective_types.go
 * @throws ZodError where it is none
 */
export function fromPyrra(document: unknown, file: string): Imported[] {
  const { metadata, spec } = objectiveSchema.parse(document);
  const origin = `${file}: ${metadata.name}`;
  const seconds = durationSeconds(spec.window);
  if (seconds === undefined || seconds % 86_400 !== 0)
    return [{ origin, reason: `window ${spec.window}: a period is a number of days, such as 28d or 4w` }];
  const indicator = indicatorOf(spec.indicator);
  if (!indicator)
    return [{ origin, reason: 'indicator: expected one of ratio, latency, latencyNative, bool_gauge' }];
  const labels = Object.entries(metadata.labels ?? {});
  const kept = labels.filter(([name]) => name.startsWith(LABEL_PREFIX));
  const { counts, numerator, total, groupBy } = indicator;
  return [
    {
      origin,
      name: dnsLabel(metadata.name),
      service: dnsLabel(metadata.labels?.[`${LABEL_PREFIX}service`] ?? jobOf(total) ?? metadata.name),
      description: (spec.description ?? '').trim(),
      targetPercent: spec.target,
      periodDays: seconds / 86_400,
      labels: Object.fromEntries(
        kept
          .map(([name, value]) => [name.slice(LABEL_PREFIX.length), value])
          .filter(([name]) => name !== 'service'),
      ),
      groupBy,
      settings: settingsOf(spec.alerting),
      indicator: { counts, numerator, total },
      notKept: notKept(
        { metadata, spec },
        labels.filter((label) => !kept.includes(label)),
      ),
    } satisfies ForeignSlo,
  ];
}

type Spec = z.infer<typeof objectiveSchema>['spec'];

function indicatorOf({ ratio, latency, latencyNative, bool_gauge: probe }: Spec['indicator']) {
  if (ratio)
    return {
      counts: 'bad' as const,
      numerator: rate(ratio.errors.metric),
      total: rate(ratio.total.metric),
      groupBy: ratio.grouping ?? [],
    };
  if (latency)
    return {
      counts: 'good' as const,
      numerator: rate(latency.success.metric),
      total: rate(latency.total.metric),
      groupBy: latency.grouping ?? [],
    };
  if (latencyNative) {
    const histogram = rate(latencyNative.total.metric);
    const bound = (durationMs(latencyNative.latency) ?? Number.NaN) / 1000;
    return {
      counts: 'good' as const,
      numerator: `histogram_fraction(0, ${bound}, ${histogram}) * histogram_count(${histogram})`,
      total: `histogram_count(${histogram})`,
      groupBy: latencyNative.grouping ?? [],
    };
  }
  if (probe)
    return {
      counts: 'good' as const,
      numerator: `sum(sum_over_time(${probe.metric}[{{.window}}]))`,
      total: `sum(count_over_time(${probe.metric}[{{.window}}]))`,
      groupBy: probe.grouping ?? [],
    };
  return undefined;
}

const rate = (selector: string) => `sum(rate(${selector.trim()}[{{.window}}]))`;

/** The service is not said in Pyrra: the job of its metric comes nearest. */
const jobOf = (query: string) => /\bjob="([^"]+)"/.exec(query)?.[1];

function settingsOf(alerting: Spec['alerting']): Record<string, string> {
  return {
    ...((alerting?.disabled || alerting?.burnrates === false) && { 'slo/burn-in': 'true' }),
    ...(alerting?.absent === false && { 'slo/absence-severity': 'none' }),
  };
}

function notKept(
  { metadata, spec }: Pick<z.infer<typeof objectiveSchema>, 'metadata' | 'spec'>,
  labels: readonly (readonly [string, string])[],
): string[] {
  const { alerting } = spec;
  const resource = [
    ...(metadata.namespace ? [`metadata.namespace ${metadata.namespace}`] : []),
    ...(labels.length > 0 ? [`metadata.labels ${labels.map(([name]) => name).join(', ')}`] : []),
    ...(metadata.annotations ? [`metadata.annotations ${Object.keys(metadata.annotations).join(', ')}`] : []),
  ].map((what) => `${what}: of the Kubernetes object alone`);
  const names = [alerting?.name, alerting?.absentName].filter(Boolean);
  const known = new Set(['description', 'target', 'window', 'indicator', 'alerting']);
  return [
    ...resource,
    ...(names.length > 0
      ? [
          `alerting names ${names.join(', ')}: alerts are named ErrorBudgetBurn, ErrorBudgetSlowBurn and SliTelemetryAbsent, and carry the label slo`,
        ]
      : []),
    ...(alerting?.severities ? ['alerting.severities: severities are page, ticket and info'] : []),
    ...Object.keys(spec)
      .filter((field) => !known.has(field))
      .map((field) => `${field}: has no counterpart`),
  ];
}
