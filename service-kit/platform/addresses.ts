import type { Environment } from '../settings/environment.ts';
import { httpUrl } from '../settings/variables.ts';
import { endpoint, type PortName, platformPorts, platformVariables } from './ports.ts';

/** Of what is asked about telemetry, without a slash at the end. */
export interface PlatformAddresses {
  readonly prometheusUrl: string;
  readonly tempoUrl: string;
  readonly lokiUrl: string;
  readonly alertmanagerUrl: string;
  readonly grafanaUrl: string;
  readonly responderUrl: string;
}

/**
 * The platform of this checkout, shifted by AIOPS_PORT_OFFSET, where PROMETHEUS_URL, TEMPO_URL, LOKI_URL, ALERTMANAGER_URL,
 * GRAFANA_URL and RESPONDER_URL name nothing else.
 *
 * @throws Error naming the variable, what it held and what was expected.
 */
export function platformAddresses(root: string, environment: Environment): PlatformAddresses {
  const variables = platformVariables(root, environment);
  const ports = platformPorts(variables);
  const address = (variable: string, name: PortName) =>
    variables.values[variable] ? variables.read(variable, httpUrl) : endpoint({ ports }, name);
  return {
    prometheusUrl: address('PROMETHEUS_URL', 'prometheus'),
    tempoUrl: address('TEMPO_URL', 'tempo'),
    lokiUrl: address('LOKI_URL', 'loki'),
    alertmanagerUrl: address('ALERTMANAGER_URL', 'alertmanager'),
    grafanaUrl: address('GRAFANA_URL', 'grafana'),
    responderUrl: address('RESPONDER_URL', 'incidentResponder'),
  };
}
