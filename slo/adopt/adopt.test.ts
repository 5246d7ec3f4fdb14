import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Labels } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDefinitions } from '../reading/read-definitions.ts';
import { adoptSlos } from './adopt.ts';
import { proposalLines } from './proposal-text.ts';
import { type AdoptionSource, proposeSlos } from './propose.ts';

const NOW = 1_790_000_000;
const AGE_SECONDS = 300;
const STRANGE = 'say "hi"} or vector(1) #{{ .Values }}\n';

const spans = (service: string, ...kinds: readonly string[]): Labels[] =>
  kinds.map((kind) => ({
    service_name: service,
    job: `otlp/${service}`,
    span_kind: `SPAN_KIND_${kind}`,
    status_code: 'STATUS_CODE_UNSET',
  }));

/** Prometheus with these series, of services that began five minutes ago and have 600 requests, one of which failed. */
function prometheusOf(
  series: Readonly<Record<string, readonly Labels[]>>,
): AdoptionSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    labelValues: async () => Object.keys(series),
    series: async (metric) => series[metric] ?? [],
    value: async (query) => {
      asked.push(query);
      if (query.startsWith('time()')) return AGE_SECONDS;
      return query.includes('STATUS_CODE_ERROR') || query.includes('5..') ? 1 : 600;
    },
    query: async () => [],
    queryRange: async ({ query, endSeconds, stepSeconds }) => {
      asked.push(query);
      if (stepSeconds === 86_400) return { series: [], warnings: [] };
      const bad = query.includes('STATUS_CODE_ERROR') || query.includes('le=') || query.includes('5..');
      const samples = Array.from(
        { length: 5 },
        (_, minute) => [endSeconds - (4 - minute) * 60, bad ? '0.01' : '2'] as const,
      );
      return { series: [{ labels: {}, samples }], warnings: [] };
    },
  };
}

const bothMetrics = (service: string, ...kinds: readonly string[]) => ({
  traces_services_calls_total: spans(service, ...kinds),
  traces_services_duration_seconds_bucket: ['0.1', '0.25', '0.5', '+Inf'].flatMap((le) =>
    spans(service, ...kinds).map((labels) => ({ ...labels, le })),
  ),
});

const propose = (service: string, prometheus: AdoptionSource, burnIn = false) =>
  proposeSlos({ service, prometheus, nowSeconds: NOW, burnIn });

describe('a proposal', () => {
  it('is made minutes after the first span, and says how little stands behind it', async () => {
    const { slos, yaml } = await propose('shop', prometheusOf(bothMetrics('shop', 'SERVER', 'CLIENT')));
    expect(slos.map(({ name }) => name)).toEqual(['shop-availability', 'shop-latency']);
    expect(slos[0]).toMatchObject({ objective: '0.995', dataSeconds: AGE_SECONDS, events: 600 });
    expect(slos[0]!.provisional.join()).toContain('5 min of data, 600 events: 0.17 % failed');
    expect(yaml).toContain('span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"');
    const lines = proposalLines(await propose('shop', prometheusOf(bothMetrics('shop', 'SERVER')))).join(
      '\n',
    );
    expect(lines).toContain('shop-availability: 99.5 %.');
    expect(lines).toContain('it would have paged never');
  });

  it.each(['http_client_request_duration_seconds', 'rpc_client_duration_seconds'])(
    'is of how a service answers, not of its calls to others (%s)',
    async (metric) => {
      const others = ['0.05', '+Inf'].map((le) => ({ job: 'otlp/shop', le }));
      const { slos } = await propose(
        'shop',
        prometheusOf({ ...bothMetrics('shop', 'SERVER'), [`${metric}_bucket`]: others }),
      );
      expect(slos[1]!.description).toContain('traces_services_duration_seconds');
    },
  );

  it('goes by the calls that a service makes, where it serves none, and by spans without kind', async () => {
    const { yaml } = await propose('job', prometheusOf(bothMetrics('job', 'CLIENT')));
    expect(yaml).toContain('SPAN_KIND_CLIENT|SPAN_KIND_PRODUCER');
    const kindless = await propose('old', prometheusOf(bothMetrics('old', 'UNSPECIFIED')));
    expect(kindless.yaml).toContain('SPAN_KIND_UNSPECIFIED');
  });

  it.each([
    ['http_server_request_duration_seconds', 'http_response_status_code=~"5.."', 1],
    ['http_server_duration_milliseconds', 'http_status_code=~"5.."', 1000],
  ])('is made of %s where there are no traces', async (metric, failed, unitsASecond) => {
    const job = { job: 'ours/shop' };
    const { yaml, slos } = await propose(
      'shop',
      prometheusOf({
        [`${metric}_count`]: [job],
        [`${metric}_bucket`]: [
          { ...job, le: String(0.25 * unitsASecond) },
          { ...job, le: '+Inf' },
        ],
      }),
    );
    expect(yaml).toContain(failed);
    expect(yaml).toContain('job="ours/shop"');
    expect(slos[1]!.description).toContain('within 0.25 s');
    expect(yaml).toContain(`value: ${0.25 * unitsASecond}`);
  });

  it.each([STRANGE, 'n'.repeat(300), 'ünïcödé', "it's"])(
    'of a service called %j validates, and stays inside of its quotes',
    async (service) => {
      const told = service.slice(0, 128);
      const { yaml, slos, label } = await propose(service, prometheusOf(bothMetrics(told, 'SERVER')));
      expect(label).toMatch(/^[a-z0-9-]{1,45}$/);
      const read = readDefinitions([{ file: 'a.yaml', text: yaml }]).slos;
      expect(read).toHaveLength(slos.length);
      for (const { indicator } of read) {
        expect(indicator.selectors.total).toHaveLength(1);
        if (service !== STRANGE) expect(indicator.total).toContain(JSON.stringify(`otlp/${told}`));
      }
    },
  );

  it('says what there is where nothing is known of a service', async () => {
    const prometheus = prometheusOf(bothMetrics('shop', 'SERVER'));
    await expect(propose('shpo', prometheus)).rejects.toThrow(
      'service "shpo": found no requests of it, neither as spans nor as metrics; possible: spans of requests, ' +
        'http.server.request.duration, or a scraped counter that tells failures, as there are of "shop"',
    );
  });
});

describe('an adoption', () => {
  let home: string;
  let applied: number;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'adopt-'));
    applied = 0;
  });
  afterEach(() => rm(home, { recursive: true }));

  const prometheus = {
    query: async () => [
      { labels: { slo: 'shop-availability' }, value: 1 },
      { labels: { slo: 'shop-latency' }, value: 1 },
    ],
  };
  async function adopt(burnIn: boolean, source: Pick<AdoptionSource, 'query'> = prometheus) {
    const proposal = await propose('shop', prometheusOf(bothMetrics('shop', 'SERVER')), burnIn);
    return adoptSlos({
      proposal,
      burnIn,
      home,
      prometheus: source,
      apply: async () => {
        applied += 1;
      },
      timeoutMs: 50,
    });
  }
  const read = () => readFile(join(home, 'slos', 'shop.yaml'), 'utf8');

  it('is a file of the home folder, taken in, and waited for', async () => {
    const adoption = await adopt(false);
    expect(adoption).toMatchObject({ how: 'written', slos: ['shop-availability', 'shop-latency'] });
    expect(applied).toBe(1);
    expect(await readdir(join(home, 'slos'))).toEqual(['shop.yaml']);
  });

  it('on trial becomes one that pages, and what a person changed stays', async () => {
    await adopt(true);
    const edited = `# ours\n${(await read()).replaceAll('0.995', '0.98')}`;
    await writeFile(join(home, 'slos', 'shop.yaml'), edited);
    expect(edited).toContain('slo/burn-in');
    expect((await adopt(false)).how).toBe('changed');
    const text = await read();
    expect(text).toContain('# ours');
    expect(text).toContain('0.98');
    expect(text).not.toContain('slo/burn-in');
    expect((await adopt(false)).how).toBe('kept');
    expect(await read()).toBe(text);
  });

  it('that is not evaluated says which, and how to find out why', async () => {
    await expect(adopt(false, { query: async () => [] })).rejects.toThrow(
      /^shop-availability, shop-latency: not evaluated within .*check-home/,
    );
  });
});
