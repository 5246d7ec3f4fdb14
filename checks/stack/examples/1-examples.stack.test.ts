import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { environmentOf, LANGUAGES } from '@aiops-sre/stack/connect/languages.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { execa } from 'execa';
import getPort from 'get-port';
import { afterAll, expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../../testing/stack-under-test.ts';
import { connect } from './connect-command.ts';
import { EXAMPLES, folderOf } from './example-services.ts';

const stack = stackUnderTest();
/** From `connect` to the page, of which the person's own part is three commands. */
const GOAL_SECONDS = 300;
const REQUEST_EVERY_MS = 100;
const PAGE_WITHIN_MS = 240_000;

const times = plainTable(['example', 'connected, adopted', 'page after the failure', 'all']);
afterAll(() => console.log(`\n${times.toString()}\n`));

test.concurrent.each(EXAMPLES.map((example) => [example.name, example] as const))(
  '%s: connected, adopted, broken, paged with its route and trace, and recovered',
  { timeout: 1_200_000 },
  async (name, { language, prepare }) => {
    const service = `hello-${name}`;
    const { file, args } = await prepare(stack.settings);
    const port = await getPort({ host: '127.0.0.1' });
    const url = `http://127.0.0.1:${port}`;
    const place = { kind: 'host', port: stack.settings.ports.otlpHttp } as const;
    const running = execa(file, name === 'flask' ? [...args, String(port)] : args, {
      cwd: folderOf(name),
      env: { ...environmentOf(service, place, LANGUAGES[language]), PORT: String(port) },
      stdio: 'ignore',
      reject: false,
    });
    const requests = setInterval(() => {
      void stack.http.get(`${url}/hello/you`).catch(() => undefined);
    }, REQUEST_EVERY_MS);
    try {
      const startedMs = Date.now();
      const { exitCode, result } = await connect(stack, '--service', service, '--adopt', '--yes');
      const adoptedMs = Date.now();
      expect(result.causes).toEqual([]);
      expect(exitCode).toBe(0);
      expect(result.service).toBe(service);
      for (const hop of result.hops) expect(hop).toMatchObject({ ok: true, seconds: expect.any(Number) });
      expect(result.hops.map(({ hop }) => hop)).toEqual(
        expect.arrayContaining(['traces queryable', 'metrics queryable', 'logs queryable']),
      );
      expect(result.found?.routes.map(({ route }) => route)).toContainEqual(
        expect.stringMatching(/^GET \/hello\/[<:{]name[>}]?$/),
      );
      expect(result.slos).toContainEqual(expect.stringContaining('availability'));
      expect(result.dashboards).toContainEqual(expect.stringContaining(`var-service=${service}`));

      await stack.http.post(`${url}/fail`);
      const brokenMs = Date.now();
      const [alert] = await eventually('page at the webhook', PAGE_WITHIN_MS, async () => {
        const told = (await stack.notifications(ALERTS.errorBudgetBurn)).flatMap((each) =>
          each.status === 'firing' && Date.parse(each.receivedAt) > brokenMs ? each.alerts : [],
        );
        const ours = told.filter(({ labels }) => labels.service === service && labels.severity === 'page');
        return ours.length > 0 && ours;
      });
      const pagedMs = Date.now();
      expect(alert!.annotations).toMatchObject({
        runbook_url: expect.any(String),
        summary: expect.any(String),
      });
      const [held] = await stack.activeAlerts(`service="${service}"`, 'severity="page"');
      const trail = await eventually('route and trace of the page', 60_000, () =>
        stack.diagnose('--alert', held!.fingerprint),
      );
      expect(trail.route).toMatch(/\/hello\//);
      expect(trail.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect((await stack.spans(trail.traceId)).map((span) => span.service)).toContain(service);

      await stack.http.post(`${url}/recover`);
      const errors = `sum(rate(${METRICS.serviceCalls}{service_name="${service}",status_code="STATUS_CODE_ERROR"}[30s]))`;
      await eventually('end of the errors', 90_000, async () => (await stack.prometheus.value(errors)) === 0);
      const seconds = (fromMs: number, toMs: number) => Math.round((toMs - fromMs) / 1000);
      times.push([
        name,
        `${seconds(startedMs, adoptedMs)} s`,
        `${seconds(brokenMs, pagedMs)} s`,
        `${seconds(startedMs, pagedMs)} s`,
      ]);
      expect(seconds(startedMs, pagedMs)).toBeLessThanOrEqual(GOAL_SECONDS);
    } finally {
      clearInterval(requests);
      running.kill();
      await running;
    }
  },
);
