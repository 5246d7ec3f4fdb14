import type { Incident } from '../../incidents/incident.ts';
import type { ServiceGraph } from '../../topology/service-graph.ts';
import { type Html, html } from '../html.ts';
import { serviceMap } from './service-map.ts';

/** The services of an incident and those between them and its probable root, with the calls by which it spreads lit. */
export function rootWay({ services, hypotheses }: Incident, graph: ServiceGraph): Html | null {
  const root = hypotheses[0]?.service;
  if (root === undefined) return null;
  const isLit = ({ client, server }: { readonly client: string; readonly server: string }) =>
    graph.hops(server, root) !== undefined &&
    services.some((service) => graph.hops(service, client) !== undefined);
  const between = graph.edges.filter(isLit).flatMap(({ client, server }) => [client, server]);
  const shown = new Set([root, ...services, ...between]);
  const calls = graph.edges
    .filter(({ client, server }) => shown.has(client) && shown.has(server))
    .map((edge) => ({ ...edge, rate: 1, failedShare: 0 }));
  const map = serviceMap(
    calls,
    (service) => (service === root ? 'bad' : services.includes(service) ? 'attention' : 'plain'),
    isLit,
  );
  return (
    map &&
    html`<div class="scroll map-frame" tabindex="0" role="region" aria-label="The way from the alerts to the probable root">${map}</div>`
  );
}
