import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { oneLine } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import type { ComponentStatus } from '../native/status.ts';
import { plainTable } from '../plain-table.ts';
import type { AnomalyStatus } from './anomaly-status.ts';
import type { IncidentStatus } from './incident-status.ts';
import type { ServiceStatus } from './service-status.ts';
import type { SloStatus } from './slo-status.ts';
import type { StatusReport } from './status-report.ts';

const MOST_SERVICES = 20;
const LONGEST_SHOWN_SECONDS = 365 * 86_400;

const megabytes = (bytes: number | undefined) => (bytes === undefined ? '' : `${Math.round(bytes / 1e6)} MB`);
const percent = (ratio: number | undefined, digits: number) =>
  ratio === undefined ? 'no data' : `${(ratio * 100).toFixed(digits)} %`;
const figure = (value: number | undefined) =>
  value === undefined ? '' : String(Number(value.toPrecision(3)));
const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** The report for people. `nowMs`: ages are counted from there. */
export function renderStatus(report: StatusReport, nowMs: number, consoleUrl: string): string {
  return [
    ...clusterLines(report),
    ...(report.components
      ? componentLines(report.components, nowMs)
      : [`Compose services: ${report.composeServices.join(', ')}`]),
    ...(report.history
      ? [
          `History: generated, ${minute(report.history.fromSeconds * 1000)} to ${minute(report.history.untilSeconds * 1000)} UTC; what came after is real.`,
        ]
      : []),
    ...serviceLines(report.services),
    ...sloLines(report.slos),
    ...incidentLines(report.incidents, nowMs, consoleUrl),
    ...alertLines(report.alerts),
    ...anomalyLines(report.anomalies),
  ].join('\n');
}

function clusterLines({ engine, cluster }: StatusReport): string[] {
  if (engine !== 'kubernetes') return [];
  if (cluster === undefined) return ['The cluster does not answer.', ''];
  const { context, namespace, workloads, unready } = cluster;
  const ready = `${workloads - unready.length} of ${workloads} workloads are ready`;
  return [
    `Context ${context}, namespace ${namespace}: ${ready}${unready.length > 0 ? `, but for ${unready.map(oneLine).join(', ')}` : ''}. Forwarded ports:`,
    '',
  ];
}

function componentLines(components: readonly ComponentStatus[], nowMs: number): string[] {
  const table = plainTable(['component', 'state', 'pid', 'memory', 'up for', 'crashes']);
  for (const each of components) {
    const readiness = each.ready ? 'ready' : 'not ready';
    const state =
      each.state === 'running'
        ? readiness
        : each.state === 'unwatched'
          ? `unwatched, ${readiness}`
          : each.state;
    const upFor = each.pid && each.startedAtMs ? duration(nowMs - each.startedAtMs) : '';
    table.push([
      each.name,
      state,
      String(each.pid ?? ''),
      megabytes(each.proportionalBytes ?? each.residentBytes),
      upFor,
      String(each.crashes),
    ]);
  }
  const sum = (of: (each: ComponentStatus) => number | undefined) =>
    components.reduce((total, each) => total + (of(each) ?? 0), 0);
  const shared = sum((each) => each.proportionalBytes);
  const resident = megabytes(sum((each) => each.residentBytes));
  const unwatched = components.filter(({ state }) => state === 'unwatched').length;
  return [
    ...(unwatched > 0
      ? [
          `The supervisor is gone: ${unwatched} processes run unwatched. npm start takes them over, npm stop ends them.`,
          '',
        ]
      : []),
    table.toString(),
    '',
    shared
      ? `Memory: ${megabytes(shared)} (${resident} resident, where what processes share counts for each of them).`
      : `Memory: ${resident} resident.`,
  ];
}

function serviceLines(services: readonly ServiceStatus[] | undefined): string[] {
  if (services === undefined) return ['', 'Services: Prometheus does not answer.'];
  if (services.length === 0) return ['', 'No service sends spans yet. docs/telemetry.md says where to.'];
  const shown = services.slice(0, MOST_SERVICES);
  const table = plainTable(['service', 'requests/s', 'failed', 'p95', 'anomalies', 'SLOs']);
  for (const { service, requestsPerSecond, failedShare, p95Seconds, learningSeconds, slos } of shown)
    table.push([
      service,
      figure(requestsPerSecond),
      percent(failedShare, 1),
      p95Seconds === undefined ? '' : `${Math.round(p95Seconds * 1000)} ms`,
      watch(learningSeconds),
      slos.join(', ') || 'none',
    ]);
  const more = services.length - shown.length;
  return ['', table.toString(), ...(more > 0 ? [`and ${more} more: npm run -s status -- --json`] : [])];
}

/** Whether the detector tells of the service's anomalies. */
function watch(learningSeconds: number | undefined): string {
  if (learningSeconds === undefined) return 'not watched yet';
  return learningSeconds > 0 ? `told in ${duration(learningSeconds * 1000)}` : 'told';
}

function sloLines(slos: readonly SloStatus[] | undefined): string[] {
  if (slos === undefined) return ['', 'SLOs: Prometheus does not answer.'];
  if (slos.length === 0) return [];
  const table = plainTable(['SLO', 'service', 'objective', 'budget left', 'burn rate', 'exhausted']);
  for (const { slo, service, objective, budgetRemaining, burnRate, exhaustionSeconds } of slos) {
    const burn = burnRate === undefined ? 'no data' : burnRate.toFixed(2);
    table.push([
      slo,
      service,
      percent(objective, 2),
      percent(budgetRemaining, 1),
      burn,
      exhausted(exhaustionSeconds),
    ]);
  }
  return ['', table.toString()];
}

function exhausted(seconds: number | null | undefined): string {
  if (seconds === undefined) return 'no data';
  if (seconds === null) return 'not at this rate';
  if (seconds > LONGEST_SHOWN_SECONDS) return 'not within a year';
  return seconds <= 0 ? 'already' : `in ${duration(seconds * 1000)}`;
}

function incidentLines(
  incidents: readonly IncidentStatus[] | undefined,
  nowMs: number,
  consoleUrl: string,
): string[] {
  if (incidents === undefined) return ['', 'Incidents: the incident responder does not answer.'];
  if (incidents.length === 0) return ['', 'No incident is open.'];
  const table = plainTable([
    'incident',
    'severity',
    'status',
    'for',
    'alerts',
    'what',
    'probable root',
    'waits for you',
  ]);
  for (const each of incidents)
    table.push([
      `#${each.id}`,
      each.severity,
      each.status,
      duration(nowMs - Date.parse(each.startedAt)),
      `${each.firingCount} of ${each.alertCount}`,
      each.title,
      each.root === null ? 'not known yet' : `${each.root.summary} (${percent(each.root.confidence, 0)})`,
      each.waitingActions === 0 ? '' : `${each.waitingActions} to approve`,
    ]);
  return ['', table.toString(), `See and decide: ${consoleUrl}`];
}

function alertLines(firing: StatusReport['alerts']): string[] {
  if (!firing) return ['', 'Alerts: Prometheus does not answer.'];
  if (firing.length === 0) return ['', 'No alert fires.'];
  return [
    '',
    `${firing.length} ${firing.length === 1 ? 'alert fires' : 'alerts fire'}:`,
    ...firing.map(({ labels, annotations }) =>
      oneLine(`  [${labels.severity}] ${labels.alertname}: ${annotations.summary}`),
    ),
  ];
}

function anomalyLines(anomalies: readonly AnomalyStatus[] | undefined): string[] {
  if (anomalies === undefined) return ['', 'Anomalies: Prometheus does not answer.'];
  if (anomalies.length === 0) return ['', 'No anomaly lasts.'];
  const table = plainTable(['anomaly', 'service', 'series', 'value', 'expected', 'between']);
  for (const { rule, service, series, value, expected, lower, upper } of anomalies)
    table.push([
      rule,
      service,
      series,
      value === undefined ? 'vanished' : figure(value),
      figure(expected),
      lower === undefined || upper === undefined ? '' : `${figure(lower)} and ${figure(upper)}`,
    ]);
  return ['', table.toString()];
}
