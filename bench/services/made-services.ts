import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

export interface MadeServices {
  readonly services: number;
  /** Of each service. */
  readonly routes: number;
  readonly untilSeconds: number;
}

const STEP_SECONDS = 30;
/** Counts by service, and all of the first service: as long as a dashboard looks back. */
const LONG_SECONDS = 3600 + 600;
/** Counts by route of all others: as long as the detector's windows and some polls. */
const SHORT_SECONDS = 1200;
const ROUTE_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SERVICE_BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CALLEES = 2;

/**
 * Writes what the Collector would have counted of made services, as OpenMetrics: each answers two requests a second on each
 * route, of which one in fifty fails, and calls two others.
 */
export async function writeMadeServices(file: string, made: MadeServices): Promise<void> {
  const stream = createWriteStream(file);
  const histogram = async (name: string, bounds: readonly number[], series: Iterable<Counted>) => {
    const all = [...series];
    for (const [index, bound] of [...bounds, '+Inf'].entries())
      await write(stream, `${name}_bucket`, made, all, `,le="${bound}"`, (index + 1) / (bounds.length + 1));
    await write(stream, `${name}_sum`, made, all, '', 0.1);
    await write(stream, `${name}_count`, made, all, '', 1);
  };
  const byRoute = [...routesOf(made)];
  const byService = [...servicesOf(made)];
  const edges = [...edgesOf(made)];
  await write(stream, 'traces_spanmetrics_calls_total', made, byRoute, '', 1);
  await histogram('traces_spanmetrics_latency', ROUTE_BOUNDS, byRoute);
  await write(stream, 'traces_services_calls_total', made, byService, '', 1);
  await histogram('traces_services_duration_seconds', SERVICE_BOUNDS, byService);
  // What the rule records of them: as many samples, whatever they are.
  const recorded = Array.from({ length: made.services }, (_, service) => ({
    labels: `service_name="service-${service}"`,
    perSecond: 1,
    seconds: LONG_SECONDS,
  }));
  await write(stream, METRICS.serviceAnsweredWithin, made, recorded, '', 0.1);
  await write(stream, 'traces_service_graph_request_total', made, edges, '', 1);
  await write(stream, 'traces_service_graph_request_failed_total', made, edges, '', 0.02);
  for (const side of ['client', 'server'])
    await histogram(`traces_service_graph_request_${side}_seconds`, SERVICE_BOUNDS, edges);
  stream.end('# EOF\n');
  await once(stream, 'close');
}

interface Counted {
  readonly labels: string;
  readonly perSecond: number;
  readonly seconds: number;
}

const OUTCOMES = [
  { status: 'STATUS_CODE_UNSET', code: 200, share: 0.98 },
  { status: 'STATUS_CODE_ERROR', code: 500, share: 0.02 },
];
const process = (index: number) =>
  `job="otlp/service-${index}",instance="service-${index}-1",service_name="service-${index}"`;

function* routesOf({ services, routes }: MadeServices): Iterable<Counted> {
  for (let service = 0; service < services; service += 1)
    for (let route = 0; route < routes; route += 1)
      // One route of a service has failed so far; a series of failures begins with the first.
      for (const { status, code, share } of route === 0 ? OUTCOMES : OUTCOMES.slice(0, 1))
        yield {
          labels: `${process(service)},span_name="GET /r${route}",span_kind="SPAN_KIND_SERVER",status_code="${status}",http_request_method="GET",http_response_status_code="${code}",http_route="/r${route}"`,
          perSecond: 2 * share,
          seconds: service === 0 ? LONG_SECONDS : SHORT_SECONDS,
        };
}

function* servicesOf({ services, routes }: MadeServices): Iterable<Counted> {
  for (let service = 0; service < services; service += 1)
    for (const kind of ['SERVER', 'CLIENT'])
      for (const { status, share } of OUTCOMES)
        yield {
          labels: `${process(service)},span_kind="SPAN_KIND_${kind}",status_code="${status}"`,
          perSecond: 2 * share * routes,
          seconds: LONG_SECONDS,
        };
}

function* edgesOf({ services }: MadeServices): Iterable<Counted> {
  for (let client = 0; client < services; client += 1)
    for (let callee = 1; callee <= CALLEES; callee += 1)
      yield {
        labels: `job="otlp",client="service-${client}",server="service-${(client + callee) % services}"`,
        perSecond: 2,
        seconds: SHORT_SECONDS,
      };
}

async function write(
  stream: WriteStream,
  name: string,
  { untilSeconds }: MadeServices,
  all: readonly Counted[],
  more: string,
  share: number,
): Promise<void> {
  for (const { labels, perSecond, seconds } of all) {
    const lines: string[] = [];
    for (let age = seconds; age >= 0; age -= STEP_SECONDS)
      lines.push(
        `${name}{${labels}${more}} ${Math.floor((LONG_SECONDS - age) * perSecond * share)} ${untilSeconds - age}\n`,
      );
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
  }
}
