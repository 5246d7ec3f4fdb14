import { expect, test } from 'vitest';
import { type Cause, causes } from './causes.ts';
import { type Observation, SIGNALS, type Signal } from './observation.ts';
import { NOTHING, observed } from './testing/observations.ts';

const PORTS = { grpc: 4317, http: 4318 };
const AT = NOTHING.atSeconds;

const found = (last: Observation, arrived: readonly Signal[] = [], service = 'shop'): readonly Cause[] =>
  causes({
    service,
    first: NOTHING,
    last,
    arrived,
    missing: SIGNALS.filter((each) => !arrived.includes(each)),
    ports: PORTS,
  });

test.each<[string, Observation, RegExp, RegExp]>([
  [
    'without a name',
    observed({ prometheus: { senders: ['storefront', 'unknown_service:node'] } }),
    /unknown_service:node/,
    /OTEL_SERVICE_NAME=shop/,
  ],
  [
    'under a protected name',
    observed({ prometheus: { senders: ['unverified-shop'] } }),
    /unverified-shop/,
    /x-aiops-otlp-key/,
  ],
  [
    'under a name that is close',
    observed({ prometheus: { senders: ['Shop_'] } }),
    /this is close: Shop_/,
    /Run connect with that name/,
  ],
  [
    'under a new name',
    observed({ prometheus: { senders: ['storefront', 'web'] } }),
    /this is new: web/,
    /OTEL_SERVICE_NAME/,
  ],
  [
    'by gRPC to the port for HTTP',
    observed({ collector: { http: { '400 http2': 1 } } }),
    /gRPC came to port 4318/,
    /http\/protobuf/,
  ],
  [
    'by HTTP to the port for gRPC',
    observed({
      process: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      },
    }),
    /4317 is the port for gRPC/,
    /127.0.0.1:4318/,
  ],
  [
    'to another port',
    observed({ process: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:9411' } }),
    /the Collector is at 4317 \(gRPC\) and 4318 \(HTTP\)/,
    /127.0.0.1:4318/,
  ],
  [
    'to a path of its own',
    observed({ collector: { http: { '404': 3 } } }),
    /path that is none/,
    /\/v1\/traces/,
  ],
  [
    'in pushes that are too large',
    observed({ collector: { grpc: { RESOURCE_EXHAUSTED: 1 } } }),
    /larger than 4 MB/,
    /Smaller batches/,
  ],
  ['when there is no memory', observed({ collector: { refused: 40 } }), /no memory/, /by itself/],
  [
    'nowhere',
    NOTHING,
    /Nothing that could be shop came to the ports 4317 and 4318/,
    /OTEL_EXPORTER_OTLP_ENDPOINT/,
  ],
])('what is sent %s is told so, with what helps', (_how, last, cause, cure) => {
  const [first] = found(last);
  expect(first).toMatchObject({ hop: 'traces received' });
  expect(first!.cause).toMatch(cause);
  expect(first!.cure).toMatch(cure);
});

test('a clock that is an hour off is told by what is stored under other times', () => {
  const ahead = observed({
    onPages: { spans: 4, metrics: false },
    tempo: { recentSeconds: undefined, anySeconds: AT + 3600 },
  });
  expect(found(ahead)[0]).toMatchObject({
    hop: 'traces queryable',
    cause: expect.stringContaining('60 minutes ahead'),
  });
  const behind = observed({
    onPages: { spans: 4, metrics: false },
    tempo: { recentSeconds: undefined, anySeconds: AT - 3 * 3600 },
  });
  expect(found(behind)[0]?.cause).toContain('3 hours behind');
  expect(found(observed({ onPages: { spans: 4, metrics: false } }))[0]).toMatchObject({
    hop: 'traces stored',
    cause: expect.stringContaining('Tempo has none'),
  });
  // Without span metrics it has simply stopped then.
  expect(found({ ...behind, onPages: { spans: 0, metrics: false } }).map(({ cause }) => cause)).not.toContain(
    'behind',
  );
});

test('a backend that takes nothing is named before anything else', () => {
  const hops = (last: Observation) => found(last).map(({ hop }) => hop);
  expect(hops({ ...NOTHING, tempo: undefined })).toContain('traces stored');
  expect(hops(observed({ prometheus: { failing: ['otlp_http/loki'] } }))).toContain('logs stored');
  expect(hops({ ...NOTHING, prometheus: undefined })).toContain('metrics stored');
  expect(found({ ...NOTHING, collector: undefined })).toMatchObject([
    { hop: 'platform', cure: expect.stringContaining('npm start') },
  ]);
});

test('series beyond the bounds are told as that', () => {
  expect(found(observed({ collector: { beyondBounds: 900 } }), ['traces', 'logs'])[0]).toMatchObject({
    hop: 'metrics kept',
    cause: expect.stringContaining('more series than one may have'),
  });
  const refused = observed({ prometheus: { scrapeError: 'sample limit exceeded' } });
  expect(found(refused, ['logs'])[0]).toMatchObject({
    hop: 'metrics stored',
    cause: 'Prometheus takes none: sample limit exceeded.',
  });
});

test('where one signal comes, each that does not has its own reason', () => {
  expect(found(NOTHING, ['metrics', 'logs'])).toMatchObject([
    { hop: 'traces received', cause: expect.stringContaining('sampled away') },
  ]);
  const sampled = observed({ process: { OTEL_TRACES_SAMPLER: 'parentbased_always_off' } });
  expect(found(sampled, ['metrics'])[0]?.cause).toContain('OTEL_TRACES_SAMPLER=parentbased_always_off');
  expect(found(NOTHING, ['traces']).map(({ hop }) => hop)).toEqual(['metrics received', 'logs received']);
  expect(found(NOTHING, SIGNALS)).toEqual([]);
});
