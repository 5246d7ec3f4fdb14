import { type OnPages, type ReceiverCounts, SIGNALS, type Signal } from './observation.ts';

interface Line {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Lines of a page in Prometheus' text format whose name `wanted` takes. */
function read(page: string, wanted: (name: string) => boolean): readonly Line[] {
  return page.split('\n').flatMap((text) => {
    const [, name = '', labels = '', value = ''] = LINE.exec(text) ?? [];
    if (!name || !wanted(name)) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = '', escaped = '']) => [key, unescaped(escaped)]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

const unescaped = (text: string) => text.replace(/\\(.)/g, (_, next) => (next === 'n' ? '\n' : next));

const ITEMS: Readonly<Record<Signal, string>> = {
  traces: 'spans',
  metrics: 'metric_points',
  logs: 'log_records',
};

/** What the Collector's page about itself (8888) says of what it received. */
export function receiverCounts(page: string): ReceiverCounts {
  const lines = read(page, (name) => /^(otelcol_receiver_|otelcol_processor_filter|http_|rpc_)/.test(name));
  const sum = (name: string, matches: (labels: Line['labels']) => boolean = () => true) =>
    lines
      .filter((line) => line.name === name && matches(line.labels))
      .reduce((total, { value }) => total + value, 0);
  const by = (name: string, key: (labels: Line['labels']) => string) => {
    const counts: Record<string, number> = {};
    for (const line of lines.filter((each) => each.name === name))
      counts[key(line.labels)] = (counts[key(line.labels)] ?? 0) + line.value;
    return counts;
  };
  return {
    accepted: Object.fromEntries(
      SIGNALS.map((signal) => [signal, sum(`otelcol_receiver_accepted_${ITEMS[signal]}`)]),
    ) as Record<Signal, number>,
    refused: SIGNALS.reduce((total, signal) => total + sum(`otelcol_receiver_refused_${ITEMS[signal]}`), 0),
    http: by('http_server_request_duration_count', (labels) => {
      const status = labels.http_response_status_code ?? '';
      if (labels.http_route) return `${status} route`;
      return labels.network_protocol_version === '2.0' ? `${status} http2` : status;
    }),
    grpc: by('rpc_server_call_duration_count', (labels) => labels.rpc_response_status_code ?? ''),
    beyondBounds: sum(
      'otelcol_processor_filter_datapoints_filtered',
      ({ filter }) => filter === 'filter/bounds',
    ),
  };
}

/** What a page that Prometheus scrapes (8889, 8887) has of the service: the number of its spans, and whether it has other metrics. */
export function seriesOnPage(page: string, service: string): OnPages {
  const escaped = service.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const spanLabel = `service_name="${escaped}"`;
  const jobs = [`job="${escaped}"`, `/${escaped}"`];
  let spans = 0;
  let metrics = false;
  for (const line of page.split('\n')) {
    if (/^traces_(services|spanmetrics)_calls_total/.test(line)) {
      if (line.includes(spanLabel)) spans += Number(LINE.exec(line)?.[3] ?? 0);
    } else if (!/^(#|target_info|traces_)/.test(line)) metrics ||= jobs.some((job) => line.includes(job));
  }
  return { spans, metrics };
}
