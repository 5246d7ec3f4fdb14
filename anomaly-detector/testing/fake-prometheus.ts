import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A series of the fake: its labels and its value at a moment; undefined where it has no sample. */
export type FakeSeries = {
  readonly labels: Readonly<Record<string, string>>;
  readonly valueAt: (atSeconds: number) => number | undefined;
  /** What a query of an `increase` is answered with. */
  readonly countAt?: (atSeconds: number) => number | undefined;
};

type ReceivedQuery = { query: string; start: number; end: number; step: number };

export type FakePrometheus = {
  readonly url: string;
  /** What queries with this text in them are answered with; the ingestion query is answered apart. */
  series: readonly FakeSeries[];
  /** Whether Prometheus took in samples at that moment. */
  ingestsAt: (atSeconds: number) => boolean;
  /** Instead of an answer; undefined to answer again. */
  fault: ((response: ServerResponse) => void) | undefined;
  warnings: readonly string[];
  readonly queries: ReceivedQuery[];
  close(): Promise<void>;
};

/** A real HTTP server with the part of Prometheus' API that the detector uses. */
export async function startFakePrometheus(series: readonly FakeSeries[] = []): Promise<FakePrometheus> {
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await bodyOf(request));
    const query = {
      query: form.get('query') ?? '',
      start: Number(form.get('start')),
      end: Number(form.get('end')),
      step: Number(form.get('step')),
    };
    if (!(query.step > 0)) {
      response.statusCode = 400;
      response.end('{"status":"error","errorType":"bad_data","error":"zero step"}');
      return;
    }
    fake.queries.push(query);
    if (fake.fault) return fake.fault(response);
    const up = { labels: {}, valueAt: (at: number) => (fake.ingestsAt(at) ? 1 : undefined) };
    const countOf = (at: number) =>
      fake.series.filter(({ valueAt }) => valueAt(at) !== undefined).length || undefined;
    const asked = query.query.includes('up[')
      ? [up]
      : query.query.startsWith('count(')
        ? [{ labels: {}, valueAt: countOf }]
        : query.query.includes('increase(')
          ? fake.series.flatMap(({ labels, countAt }) => (countAt ? [{ labels, valueAt: countAt }] : []))
          : fake.series;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        status: 'success',
        ...(fake.warnings.length > 0 ? { warnings: fake.warnings } : {}),
        data: {
          resultType: 'matrix',
          result: asked.flatMap((one) => answered(one, query)),
        },
      }),
    );
  });
  // A slow machine must not find its kept-alive connection closed in the moment it uses it.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakePrometheus = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    series,
    ingestsAt: () => true,
    fault: undefined,
    warnings: [],
    queries: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function answered({ labels, valueAt }: FakeSeries, { start, end, step }: ReceivedQuery) {
  const values: [number, string][] = [];
  for (let at = start; at <= end; at += step) {
    const value = valueAt(at);
    if (value !== undefined) values.push([at, Number.isFinite(value) ? String(value) : 'NaN']);
  }
  return values.length > 0 ? [{ metric: labels, values }] : [];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
