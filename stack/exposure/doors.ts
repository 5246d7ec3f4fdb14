import type { PortName } from '@aiops-sre/service-kit/platform/ports.ts';

/** A port of the door, and what a caller with the password finds there. */
export interface Door {
  readonly name: PortName;
  /** Answers 200 when the service behind it is well. */
  readonly path: string;
}

/** Every HTTP door of docker-compose.expose.yml. OTLP over gRPC is one more, without a page to ask for. */
export const DOORS: readonly Door[] = [
  { name: 'storefront', path: '/api/products' },
  { name: 'grafana', path: '/api/health' },
  { name: 'loki', path: '/ready' },
  { name: 'tempo', path: '/ready' },
  { name: 'anomalyDetector', path: '/healthz' },
  { name: 'incidentResponder', path: '/healthz' },
  { name: 'prometheus', path: '/-/ready' },
  { name: 'alertmanager', path: '/-/ready' },
];

/** Doors that take telemetry only: they refuse a GET, but after the password. */
export const INTAKE_DOORS: readonly PortName[] = ['otlpHttp', 'otlpGrpc'];
