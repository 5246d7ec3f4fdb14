import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
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

/** Marks the time in which alerts of these SLOs fire that ask somebody to act; one band an alert, as each darkens the data. */
export function firingAlerts(scope: SloScope): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(DATA_SOURCES.prometheus)
    .enable(true)
    .iconColor('red')
    .expr(
      `max by (alertname, severity, service, slo) (ALERTS{alertstate="firing",severity=~"page|ticket",alertname!="${ALERTS.watchdog}"${scope && `,${scope}`}})`,
    )
    .titleFormat('{{alertname}}')
    .textFormat('{{service}} {{slo}}')
    .tagKeys('severity,service');
}

/**
 * An event is there for as long as a step of the annotation's query: it has one sample, so that Grafana draws a line and
 * not a band over the data. Beyond some two weeks Grafana's steps are longer, and events are missed.
 */
const EVENT_WINDOW = '2m';
const EVENT_WINDOW_SECONDS = 120;
/** A process is scraped this long after its start, at the latest. */
export const FIRST_SCRAPE_SECONDS = 20;
/** With the scrape before: a change between two scrapes belongs to one window and to no other. */
const CHANGE_WINDOW = '125s';

/** Marks each start of a process of the application: a deploy where the version or revision is another, else a restart. */
export function deploys(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Deploys')
    .datasource(DATA_SOURCES.prometheus)
    .enable(true)
    .iconColor('blue')
    .expr(
      // What the process before said of itself is remembered for five minutes: it is older than the start.
      `count by (service, version, revision) (timestamp(${METRICS.demoAppInfo}{job="demo-app"}) ` +
        `> on (service, instance) group_left () process_start_time_seconds{job="demo-app"} ` +
        `and on (service, instance) (time() - process_start_time_seconds{job="demo-app"} >= ${FIRST_SCRAPE_SECONDS} < ${FIRST_SCRAPE_SECONDS + EVENT_WINDOW_SECONDS}))`,
    )
    .step(EVENT_WINDOW)
    .titleFormat('Started: {{service}} {{version}}')
    .textFormat('revision {{revision}}')
    .tagKeys('service,version');
}

/** Marks when a feature flag got another variant. */
export function flagChanges(): AnnotationQueryBuilder {
  const variants = (expression: string) => `max by (flag, variant) (${expression})`;
  return new AnnotationQueryBuilder()
    .name('Flags')
    .datasource(DATA_SOURCES.prometheus)
    .enable(true)
    .iconColor('orange')
    .expr(
      `${variants(`changes(${METRICS.demoFeatureFlag}[${CHANGE_WINDOW}])`)} > 0 and ${variants(METRICS.demoFeatureFlag)} == 1`,
    )
    .step(EVENT_WINDOW)
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
    .iconColor('purple')
    .expr(`count by (kind, service) (${METRICS.demoFaultActive}{service="${service}"} > 0)`)
    .titleFormat('Injected fault: {{kind}}')
    .textFormat('{{service}}');
}
