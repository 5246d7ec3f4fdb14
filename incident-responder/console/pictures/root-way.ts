import { dashboardUrl } from '@aiops-sre/investigation/links.ts';
import type { Incident } from '../../incidents/incident.ts';
import type { ServiceGraph } from '../../topology/service-graph.ts';
import { type Html, html } from '../html.ts';
import { webLink } from '../web-link.ts';
import { serviceMap } from './service-map.ts';

const AROUND_SECONDS = 1800;
const around = (ms: number) => ({
  fromSeconds: ms / 1000 - AROUND_SECONDS,
  toSeconds: ms / 1000 + AROUND_SECONDS,
});

/** The services of an incident and those between them and its probable root, with the calls by which it spreads lit. */
export function rootWay(
  { services, hypotheses, startedAtMs }: Incident,
  graph: ServiceGraph,
  grafanaUrl?: string | undefined,
): Html | null {
  const root = hypotheses[0]?.service;
  if (root === undefined) return null;
  const isBetween = (client: string, server: string, above: string, below: string) =>
    graph.hops(above, client) !== undefined && graph.hops(server, below) !== undefined;
  // From what alerts down to the root; where none calls it, from a root that sends too much down to what alerts.
  const isBelow = services.some((service) => graph.hops(service, root) !== undefined);
  const isLit = ({ client, server }: { readonly client: string; readonly server: string }) =>
    services.some((service) =>
      isBelow ? isBetween(client, server, service, root) : isBetween(client, server, root, service),
    );
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
    html`<div class="scroll map-frame" tabindex="0" role="region" aria-label="The way from the alerts to the probable root">${map}</div>
${grafanaUrl !== undefined && html`<p>${webLink('Service map in Grafana', dashboardUrl(grafanaUrl, 'tracing', root, around(startedAtMs)))}</p>`}`
  );
}
