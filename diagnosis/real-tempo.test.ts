import { startStores, storeBinaries } from '@aiops-sre/grafana/link-check/testing/running-stores.ts';
import { affectedUsers } from '@aiops-sre/investigation/affected-users.ts';
import { tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { diagnoseCommand } from './command.ts';

const binaries = storeBinaries(process.env);
/** An hour ago: what is older than a few minutes is asked of blocks alone, where those stores have it at once. */
const NOW = Math.floor(Date.now() / 1000) - 3600;
const HOSTILE = 'say "hi" } || { true \\';
const REGIONS = ['eu', 'us', HOSTILE];

const attribute = (key: string, value: string | number) => ({
  key,
  value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
});

/** 60 requests of a shop, 20 of each region: all of eu fail in its stock, for five customers; us has one slow one, of a sixth. */
function requests() {
  const spans = Array.from({ length: 60 }, (_, index) => {
    const region = REGIONS[index % 3]!;
    const failed = region === 'eu';
    const milliseconds = index === 1 ? 900 : 10 + index;
    const startMs = (NOW - 300) * 1000 + index * 1000;
    const traceId = (index + 1).toString(16).padStart(32, 'a');
    const span = (service: string, spanId: string, parentSpanId: string, attributes: object[]) => ({
      resource: { attributes: [attribute('service.name', service), attribute('service.version', '1.2')] },
      scopeSpans: [
        {
          spans: [
            {
              traceId,
              spanId,
              ...(parentSpanId && { parentSpanId }),
              name: 'POST /orders',
              kind: 2,
              startTimeUnixNano: `${startMs}000000`,
              endTimeUnixNano: `${startMs + milliseconds}000000`,
              status: failed ? { code: 2 } : {},
              attributes,
            },
          ],
        },
      ],
    });
    const ownId = traceId.slice(16);
    return [
      span('shop', ownId, '', [
        attribute('shop.region', region),
        attribute('http.response.status_code', failed ? 502 : 201),
        attribute('enduser.pseudo.id', failed ? `customer-${index % 5}` : `other-${index}`),
      ]),
      span('stock', `b${ownId.slice(1)}`, ownId, []),
    ];
  });
  return { resourceSpans: spans.flat() };
}

describe.skipIf(binaries === undefined)(
  'on a real Tempo,',
  () => {
    let stores: Awaited<ReturnType<typeof startStores>>;
    beforeAll(async () => {
      const samples = `# TYPE some_metric gauge\nsome_metric 1 ${NOW}\n# EOF\n`;
      const lines = {
        streams: [{ stream: { service_name: 'shop' }, values: [[`${NOW}000000000`, 'a line']] }],
      };
      stores = await startStores(binaries!, { samples, spans: requests(), lines });
    }, 90_000);
    afterAll(() => stores?.[Symbol.asyncDispose]());

    async function run(...args: string[]) {
      const out: string[] = [];
      const err: string[] = [];
      const { prometheusUrl, tempoUrl, lokiUrl } = stores;
      const code = await diagnoseCommand(['--service', 'shop', '--since', '10m', ...args], {
        addresses: {
          prometheusUrl,
          tempoUrl,
          lokiUrl,
          alertmanagerUrl: '',
          responderUrl: '',
          grafanaUrl: 'http://grafana',
        },
        nowSeconds: NOW,
        out: (text) => out.push(text),
        err: (text) => err.push(text),
      });
      return { code, out: out.join('\n'), err: err.join('\n') };
    }
    const eventually = <T>(look: () => Promise<T>) => vi.waitFor(look, { timeout: 30_000, interval: 500 });

    it('requests are counted by an attribute, with failures and durations', async () => {
      await eventually(async () => {
        const { out } = await run('--group-by', 'region', '--json');
        expect(JSON.parse(out)).toMatchObject({
          attribute: 'shop.region',
          all: true,
          groups: [
            { value: 'eu', requests: 20, failed: 20, p95Ms: 64 },
            { value: expect.any(String), requests: 20, failed: 0 },
            { value: expect.any(String), requests: 20, failed: 0 },
          ],
        });
      });
      const { out } = await run('--group-by', 'shop.region');
      expect(out).toMatch(/shop\.region +requests +failed +95 % within/);
      expect(out).toMatch(/eu +20 +100 % +64 ms/);
    });

    it('only requests with the attributes are compared, or counted', async () => {
      await eventually(async () => {
        expect((await run('--where', 'region=eu')).out).toContain(
          '20 traced ones compared with 0 of the rest',
        );
        expect((await run('--where', 'region=us')).out).toContain('No trace of one.');
        expect((await run('--where', 'region=us', '--slower-than', '800ms')).out).toContain(
          '1 traced ones compared with 19 of the rest',
        );
      });
      const groups = async (where: string) =>
        JSON.parse((await run('--where', where, '--group-by', 'status', '--json')).out).groups;
      expect(await groups('region=eu version=1.2')).toMatchObject([{ value: '502', requests: 20 }]);
      expect(await groups('status=201')).toMatchObject([{ value: '201', requests: 40 }]);
      expect(await groups('region=eu status=201')).toEqual([]);
    });

    it('a value is a value, whatever is in it', async () => {
      const quoted = `region="${HOSTILE.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
      await eventually(async () => {
        const { out } = await run('--where', quoted, '--group-by', 'region', '--json');
        expect(JSON.parse(out).groups).toMatchObject([{ value: HOSTILE, requests: 20 }]);
      });
    });

    it('an attribute that there is not is named with those there are', async () => {
      await eventually(async () => {
        const { code, err } = await run('--group-by', 'planet');
        expect(code).toBe(2);
        expect(err).toMatch(/no span in this range has an attribute planet; there are .*shop\.region/);
      });
    });

    it('users are counted once each, by what a service that they never called has done to them', async () => {
      const { tempoUrl } = stores;
      const source = tempo(createBackendClient({ name: 'Tempo', url: tempoUrl, timeoutMs: 5000 }));
      const range = { fromSeconds: NOW - 600, toSeconds: NOW };
      await eventually(async () => {
        expect(await affectedUsers({ tempo: source, service: 'stock', range })).toEqual({
          users: 6,
          atLeast: false,
        });
      });
      expect(await affectedUsers({ tempo: source, service: 'nobody', range })).toBeUndefined();
    });
  },
  120_000,
);
