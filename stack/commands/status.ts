import { composeServices } from '../compose/docker.ts';
import { endpoint } from '../endpoints.ts';
import { readHistoryMarker } from '../history/marker.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { type ComponentStatus, nativeStatus } from '../native/status.ts';
import { plainTable } from '../plain-table.ts';
import { PrometheusApi } from '../prometheus-api.ts';
import { readState } from '../state.ts';
import type { CommandContext } from './context.ts';

interface SloStatus {
  readonly slo: string;
  readonly service: string;
  readonly objective: number | undefined;
  /** Share of the period's error budget that is left; may be negative. */
  readonly budgetRemaining: number | undefined;
  /** Current burn rate: 1 spends the budget exactly in its period. */
  readonly burnRate: number | undefined;
}

const megabytes = (bytes: number | undefined) => (bytes === undefined ? '' : `${Math.round(bytes / 1e6)} MB`);
const percent = (ratio: number | undefined, digits: number) =>
  ratio === undefined ? 'no data' : `${(ratio * 100).toFixed(digits)} %`;
const duration = (ms: number) => {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
};

async function sloStatus(prometheus: PrometheusApi): Promise<readonly SloStatus[]> {
  const [objectives, remaining, burn] = await Promise.all(
    ['slo:objective:ratio', 'slo:period_error_budget_remaining:ratio', 'slo:current_burn_rate:ratio'].map(
      (query) => prometheus.query(query),
    ),
  );
  const of = (samples: typeof objectives, slo: string, service: string) =>
    samples?.find(({ labels }) => labels.slo === slo && labels.service === service)?.value;
  return (objectives ?? []).map(({ labels: { slo = '', service = '' }, value }) => ({
    slo,
    service,
    objective: value,
    budgetRemaining: of(remaining, slo, service),
    burnRate: of(burn, slo, service),
  }));
}

function componentTable(components: readonly ComponentStatus[]): string {
  const table = plainTable(['component', 'state', 'pid', 'memory', 'up for', 'crashes']);
  for (const each of components) {
    const state = each.state === 'running' ? (each.ready ? 'ready' : 'not ready') : each.state;
    const upFor = each.state === 'running' && each.startedAtMs ? duration(Date.now() - each.startedAtMs) : '';
    table.push([
      each.name,
      state,
      String(each.pid ?? ''),
      megabytes(each.residentBytes),
      upFor,
      String(each.crashes),
    ]);
  }
  return table.toString();
}

function sloTable(slos: readonly SloStatus[]): string {
  const table = plainTable(['SLO', 'service', 'objective', 'budget left', 'burn rate']);
  for (const { slo, service, objective, budgetRemaining, burnRate } of slos) {
    const burn = burnRate === undefined ? 'no data' : burnRate.toFixed(2);
    table.push([slo, service, percent(objective, 2), percent(budgetRemaining, 1), burn]);
  }
  return table.toString();
}

/** What runs, how much memory it takes, how the SLOs stand and what fires. Exit code 1 where something is not ready. */
export async function status(context: CommandContext, options: { readonly json: boolean }): Promise<void> {
  const { settings, write } = context;
  const layout = layoutOf(settings);
  const components = await nativeStatus(layout);
  const services =
    !components && readState(layout.stateFile)?.engine === 'compose' ? await composeServices(settings) : [];
  const engine = components ? 'native' : services.length > 0 ? 'compose' : undefined;
  if (!engine) {
    write(
      options.json ? JSON.stringify({ engine: null }) : 'Nothing is running. npm start starts everything.',
    );
    process.exitCode = 1;
    return;
  }
  const prometheus = new PrometheusApi(endpoint(settings, 'prometheus'));
  const [slos, alerts] = await Promise.all([
    sloStatus(prometheus).catch(() => []),
    prometheus.alerts().catch(() => undefined),
  ]);
  const firing = alerts?.filter(({ state, labels }) => state === 'firing' && labels.alertname !== 'Watchdog');
  const history = readHistoryMarker(layout);
  const ready = components?.every((each) => each.ready) ?? true;
  if (!ready) process.exitCode = 1;
  if (options.json) {
    write(JSON.stringify({ engine, ready, components, services, slos, firing, history }));
    return;
  }
  if (components) {
    const sum = (of: (each: ComponentStatus) => number | undefined) =>
      components.reduce((total, each) => total + (of(each) ?? 0), 0);
    const shared = sum((each) => each.proportionalBytes);
    write(componentTable(components));
    write(
      `\nMemory: ${megabytes(sum((each) => each.residentBytes))} resident${shared ? `, ${megabytes(shared)} with shared pages counted once` : ''}.`,
    );
  } else {
    write(`Compose services: ${services.join(', ')}`);
  }
  if (history) {
    const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
    write(
      `History: generated, ${day(history.fromSeconds)} to ${day(history.untilSeconds)} UTC; what came after is real.`,
    );
  }
  if (slos.length > 0) write(`\n${sloTable(slos)}`);
  if (!firing) return write('\nAlerts: Prometheus does not answer.');
  write(firing.length === 0 ? '\nNo alert fires.' : `\n${firing.length} alerts fire:`);
  for (const { labels, annotations } of firing)
    write(`  [${labels.severity}] ${labels.alertname}: ${annotations.summary}`);
}
