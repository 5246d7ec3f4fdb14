import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import protobuf from 'protobufjs';

/** The body of an OTLP/HTTP request, and how many spans or log records are in it. */
export interface MadePush {
  readonly path: '/v1/traces' | '/v1/logs';
  readonly body: Buffer;
  readonly items: number;
}

const ROUTES = 20;
const REQUEST_NANOS = 20_000_000n;

const schema = protobuf.loadSync(join(import.meta.dirname, 'otlp.proto'));

function encode(type: string, message: object): Buffer {
  return Buffer.from(schema.lookupType(type).encode(message).finish());
}

const attributes = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));

const resource = (service: string) => ({
  attributes: attributes({
    'service.name': service,
    'service.instance.id': `${service}-1`,
    'service.version': '1.0.0',
  }),
});

/** Traces of four spans each over two services, as an instrumented web application sends them: new ids in each push. */
export function madeTraces(traces: number): MadePush {
  const endNanos = BigInt(Date.now()) * 1_000_000n;
  const times = (share: bigint) => ({
    startTimeUnixNano: String(endNanos - (REQUEST_NANOS * share) / 4n),
    endTimeUnixNano: String(endNanos),
  });
  const [front, back]: [object[], object[]] = [[], []];
  for (let number = 0; number < traces; number += 1) {
    const traceId = randomBytes(16);
    const ids = Array.from({ length: 4 }, () => randomBytes(8));
    const route = `/api/things/${number % ROUTES}`;
    const served = (method: string) => ({
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': 200,
      'url.path': route,
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'made-pushes/1.0',
    });
    const span = (depth: number, kind: number, name: string, values: Record<string, string | number>) => ({
      traceId,
      spanId: ids[depth],
      ...(depth > 0 && { parentSpanId: ids[depth - 1] }),
      name,
      kind,
      ...times(BigInt(4 - depth)),
      attributes: attributes(values),
    });
    front.push(
      span(0, 2, `GET ${route}`, served('GET')),
      span(1, 3, 'GET', { ...served('GET'), 'server.port': 3010 }),
    );
    back.push(
      span(2, 2, `GET ${route}`, served('GET')),
      span(3, 3, 'SELECT things', { 'db.system.name': 'postgresql', 'db.namespace': 'things' }),
    );
  }
  const resourceSpans = [
    { resource: resource('made-front'), scopeSpans: [{ spans: front }] },
    { resource: resource('made-back'), scopeSpans: [{ spans: back }] },
  ];
  return { path: '/v1/traces', body: encode('TraceRequest', { resourceSpans }), items: traces * 4 };
}

/** Lines of a request each, with its trace. */
export function madeLogRecords(records: number): MadePush {
  const timeUnixNano = `${Date.now()}000000`;
  const logRecords = Array.from({ length: records }, (_, number) => {
    const route = `/api/things/${number % ROUTES}`;
    return {
      timeUnixNano,
      severityNumber: 9,
      severityText: 'INFO',
      body: { stringValue: `GET ${route} answered 200` },
      attributes: attributes({
        event: 'request',
        method: 'GET',
        route,
        status: '200',
        duration_ms: String(10 + (number % 50)),
        'enduser.pseudo.id': `user-${number % 200}`,
      }),
      traceId: randomBytes(16),
      spanId: randomBytes(8),
    };
  });
  const resourceLogs = [{ resource: resource('made-front'), scopeLogs: [{ logRecords }] }];
  return { path: '/v1/logs', body: encode('LogsRequest', { resourceLogs }), items: records };
}
