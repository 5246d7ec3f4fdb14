import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCES } from './data-sources.ts';
import type { SloScope } from './queries/slo.ts';

/** Marks the time whose data was generated at the first start; without a switch, as it must not be taken for measured. */
export function generatedHistory(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Generated history')
    .datasource(DATA_SOURCES.prometheus)
    .enable(true)
    .hide(true)
    .iconColor('#7a8194')
    .expr(METRICS.generatedHistory)
    .step('2m')
    .titleFormat('Generated history')
    .textFormat('This data was generated at the first start, not measured.');
}

/** A mark is a thin line over the data, which is what there is to see: that of a page is not red, as failures are. */
const PALE = {
  page: 'rgba(140, 140, 140, 0.7)',
  deploy: 'rgba(87, 148, 242, 0.55)',
  flag: 'rgba(255, 152, 48, 0.55)',
  fault: 'rgba(163, 82, 204, 0.35)',
} as const;

/**
 * Marks moments, each as a line at its true time: the value is the moment, in milliseconds, whatever steps Grafana takes.
 * An expression has to hold on to a moment for longer than a step, which is five minutes over the retention.
 */
const moments = (name: string, color: string, expression: string) =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCES.prometheus)
    .enable(true)
    .iconColor(color)
    .expr(expression)
    .step('1m')
    .useValueForTime(true);

/** An alert that fired within this before it began is the same incident's. */
const SAME_INCIDENT = '20m';
/** For longer than a step. */
const HELD = '6m';

/** Marks when pages of these SLOs began, each once an incident; tickets are in tables and timelines. */
export function firingPages(scope: SloScope): AnnotationQueryBuilder {
  const labels = 'alertname, severity, service, slo';
  const which = `severity="page"${scope && `,${scope}`}`;
  const firing = `ALERTS{alertstate="firing",${which}}`;
  return moments(
    'Pages',
    PALE.page,
    `1000 * min by (${labels}) (ALERTS_FOR_STATE{${which}}) and on (${labels}) ${firing} ` +
      `unless on (${labels}) max_over_time(${firing}[${SAME_INCIDENT}] offset ${HELD})`,
  )
    .titleFormat('{{alertname}}')
    .textFormat('{{service}} {{slo}}')
    .tagKeys('severity,service');
}

/** Longer than a mark has to be held on to, and than a process takes to restart. */
const BEFORE = '15m';

/** Marks when a version of a service started that is another than the one before. */
export function deploys(): AnnotationQueryBuilder {
  const info = `${METRICS.demoAppInfo}{job="demo-app"}`;
  const started = 'process_start_time_seconds{job="demo-app"}';
  const onProcess = 'on (service, instance) group_left ()';
  // What the process before said of itself is remembered for five minutes: it is older than the start.
  const version = `(timestamp(${info}) > ${onProcess} ${started})`;
  return moments(
    'Deploys',
    PALE.deploy,
    `1000 * min by (service, version, revision) (0 * ${version} + ${onProcess} ${started}) ` +
      `unless on (service, version, revision) ${info} offset ${BEFORE} and on (service) ${info} offset ${BEFORE}`,
  )
    .titleFormat('Deployed: {{service}} {{version}}')
    .textFormat('revision {{revision}}')
    .tagKeys('service,version');
}

/** Marks when a feature flag got another variant, once all processes have it. */
export function flagChanges(): AnnotationQueryBuilder {
  const step = 5;
  // The last moment at which it was another one, in steps of the scrape.
  const lastWithout = `max by (flag, variant) (max_over_time((time() + 0 * (${METRICS.demoFeatureFlag} == 0))[5m:${step}s]))`;
  return moments(
    'Flags',
    PALE.flag,
    `1000 * (${lastWithout} + ${step}) and min by (flag, variant) (${METRICS.demoFeatureFlag}) == 1`,
  )
    .titleFormat('Flag {{flag}}: {{variant}}')
    .textFormat('switched to {{variant}}')
    .tagKeys('flag,variant');
}

/** Marks the time in which somebody injects faults into the service that the variable `service` names: one band a kind, whatever the number of instances. */
export function injectedFaults(service = '$service'): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Injected faults')
    .datasource(DATA_SOURCES.prometheus)
    .enable(true)
    .hide(true)
    .iconColor(PALE.fault)
    .expr(`count by (kind, service) (${METRICS.demoFaultActive}{service="${service}"} > 0)`)
    .titleFormat('Injected fault: {{kind}}')
    .textFormat('{{service}}');
}
