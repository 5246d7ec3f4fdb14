import { z } from 'zod';
import { fastEvents } from './fast-events.ts';
import { dnsLabel, type ForeignSlo, type Imported } from './foreign-slo.ts';

/** Sloth's default, which its files cannot change: it is an option of its command. */
const PERIOD_DAYS = 30;

const labels = z.record(z.string(), z.coerce.string()).nullish();
const alert = z.looseObject({ disable: z.boolean().nullish(), labels, annotations: labels }).nullish();

/** One spelling for both forms: the file has `error_query`, the Kubernetes resource `errorQuery`. */
const slo = z.looseObject({
  name: z.string().min(1),
  description: z.string().nullish(),
  objective: z.coerce.number().gt(0).lt(100),
  labels,
  plugins: z.unknown().optional(),
  sli: z.looseObject({
    events: z.looseObject({ errorQuery: z.string(), totalQuery: z.string() }).nullish(),
    raw: z.unknown().optional(),
    plugin: z.unknown().optional(),
  }),
  alerting: z
    .looseObject({
      name: z.string().nullish(),
      labels,
      annotations: labels,
      pageAlert: alert,
      ticketAlert: alert,
    })
    .nullish(),
});
const level = z.looseObject({ service: z.string().min(1), labels, slos: z.array(slo).min(1) });

const fileSchema = level.extend({ version: z.literal('prometheus/v1') });
const resourceSchema = z.looseObject({
  apiVersion: z.literal('sloth.slok.dev/v1'),
  kind: z.literal('PrometheusServiceLevel'),
  metadata: z.looseObject({ name: z.string() }),
  spec: level,
});

export function isSloth(document: unknown): boolean {
  const { version, apiVersion } = (document ?? {}) as { version?: unknown; apiVersion?: unknown };
  return (
    String(version ?? '').startsWith('prometheus/') || String(apiVersion ?? '').startsWith('sloth.slok.dev/')
  );
}

/**
 * The SLOs of a document in Sloth's form.
 * @see https://sloth.dev/specs/default/v1/ and https://sloth.dev/specs/kubernetes/sloth.slok.dev_v1/
 * @throws ZodError where it is none
 */
export function fromSloth(document: unknown, file: string): Imported[] {
  const camelCased = withCamelCase(document);
  const isResource = (camelCased as { apiVersion?: unknown }).apiVersion !== undefined;
  const {
    service,
    labels: common,
    slos,
    ...rest
  } = isResource ? resourceSchema.parse(camelCased).spec : fileSchema.parse(camelCased);
  const unknown = 'sloPlugins' in rest ? ['sloPlugins: plugins of Sloth are not run here'] : [];
  return slos.map((each): Imported => {
    const origin = `${file}: ${each.name}`;
    const { events, raw } = each.sli;
    if (!events)
      return {
        origin,
        reason: raw
          ? 'sli.raw is a ratio without its events, which cannot be weighed by traffic; write events.error_query and events.total_query'
          : 'sli.plugin is code of Sloth; write the queries that it makes as events.error_query and events.total_query',
      };
    const fast = fastEvents(events.errorQuery, events.totalQuery);
    const { pageAlert, ticketAlert } = each.alerting ?? {};
    return {
      origin,
      name: dnsLabel(`${service}-${each.name}`),
      service: dnsLabel(service),
      description: each.description ?? '',
      targetPercent: each.objective,
      periodDays: PERIOD_DAYS,
      // Labels of one alert alone have no place: ours are on the SLO's rules and alerts alike.
      labels: withoutSeverity({ ...common, ...each.labels, ...each.alerting?.labels }),
      groupBy: [],
      settings: pageAlert?.disable && ticketAlert?.disable ? { 'slo/burn-in': 'true' } : {},
      indicator: fast
        ? { counts: 'good', numerator: window(fast), total: window(events.totalQuery) }
        : { counts: 'bad', numerator: window(events.errorQuery), total: window(events.totalQuery) },
      notKept: [...unknown, ...notKept(each)],
    } satisfies ForeignSlo;
  });
}

function notKept({ alerting, plugins }: z.infer<typeof slo>): string[] {
  const notes: string[] = [];
  if (plugins) notes.push('plugins: plugins of Sloth are not run here');
  if (!alerting) return notes;
  const { name, annotations, pageAlert, ticketAlert } = alerting;
  if (name)
    notes.push(
      `alerting.name ${name}: alerts are named ErrorBudgetBurn and ErrorBudgetSlowBurn, and carry the label slo`,
    );
  if (annotations)
    notes.push(
      `alerting.annotations ${Object.keys(annotations).join(', ')}: alerts have summary, description, runbook_url and dashboard_url of their own`,
    );
  for (const [field, each] of Object.entries({ page_alert: pageAlert, ticket_alert: ticketAlert })) {
    if (each?.labels)
      notes.push(
        `alerting.${field}.labels ${Object.keys(each.labels).join(', ')}: route by severity (page, ticket), service, slo and the labels of the SLO`,
      );
    if (each?.annotations)
      notes.push(`alerting.${field}.annotations ${Object.keys(each.annotations).join(', ')}`);
  }
  if ((pageAlert?.disable ?? false) !== (ticketAlert?.disable ?? false))
    notes.push(
      `alerting.${pageAlert?.disable ? 'page_alert' : 'ticket_alert'}.disable: pages and tickets are on or off together`,
    );
  return notes;
}

function withoutSeverity({ severity: _, ...rest }: Readonly<Record<string, string>>): Record<string, string> {
  return rest;
}

const window = (query: string) => query.trim().replaceAll(/\{\{\s*\.window\s*\}\}/g, '{{.window}}');

/** Keys of mappings in the spelling of Kubernetes; those of labels and annotations are names of others and stay. */
function withCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      key === 'labels' || key === 'annotations' ? inner : withCamelCase(inner),
    ]),
  );
}
