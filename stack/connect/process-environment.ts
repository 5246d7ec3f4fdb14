import { readdirSync, readFileSync } from 'node:fs';

/** What decides where a process sends its telemetry, and what of it. Headers, which may hold secrets, are not here. */
const NAMES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_LOGS_EXPORTER',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_SDK_DISABLED',
] as const;
export type ProcessEnvironment = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;

/**
 * With which variables a process was started that says to be the service (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES).
 *
 * @returns undefined where this user has no such process, and where there is no /proc
 */
export function processEnvironment(service: string, proc = '/proc'): ProcessEnvironment | undefined {
  let pids: readonly string[];
  try {
    pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  for (const pid of pids) {
    if (Number(pid) === process.pid) continue;
    const variables = environmentOf(`${proc}/${pid}/environ`);
    const named = variables.OTEL_SERVICE_NAME ?? resourceName(variables.OTEL_RESOURCE_ATTRIBUTES);
    if (named !== service) continue;
    return Object.fromEntries(NAMES.flatMap((name) => (variables[name] ? [[name, variables[name]]] : [])));
  }
  return undefined;
}

function environmentOf(file: string): Readonly<Record<string, string | undefined>> {
  try {
    return Object.fromEntries(
      readFileSync(file, 'utf8')
        .split('\0')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  } catch {
    // Another user's, or it has just ended.
    return {};
  }
}

const resourceName = (attributes = '') => /(?:^|,)service\.name=([^,]*)/.exec(attributes)?.[1];
