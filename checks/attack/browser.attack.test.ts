import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

let browser: Browser;
let page: Page;
let site: Server;

const sitePort = () => (site.address() as AddressInfo).port;

/** A page of another origin, in a browser that does not keep pages from the local network. */
beforeAll(async () => {
  site = createServer((_request, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' })
      .end('<!doctype html><p>open'),
  ).listen(0, '127.0.0.1');
  browser = await chromium.launch({
    executablePath,
    args: [
      '--disable-quic',
      '--disable-background-networking',
      '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessRespectPreflightResults,BlockInsecurePrivateNetworkRequests',
      '--host-resolver-rules=MAP evil.example 127.0.0.1',
      // As root, in a container, Chromium's own sandbox cannot be set up.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  page = await browser.newPage();
  await page.goto(`http://evil.example:${sitePort()}/`);
});
afterAll(async () => {
  await browser?.close();
  site?.close();
});

/** What the page can read of an answer; undefined where the browser keeps it from that. */
const read = (
  url: string,
  init: Pick<RequestInit, 'method' | 'credentials'> & { body?: string; type?: string } = {},
) =>
  page.evaluate(
    ([address, { type, ...options }]) =>
      fetch(address, { ...options, ...(type && { headers: { 'content-type': type } }) })
        .then((response) => response.text())
        .catch(() => undefined),
    [url, init] as const,
  );

const READABLE = [
  ['prometheus', '/api/v1/query?query=up'],
  ['alertmanager', '/api/v2/alerts'],
  ['tempo', '/api/search?limit=1'],
  ['loki', '/loki/api/v1/labels'],
  ['guard', '/readyz'],
  ['anomalyDetector', '/api/anomalies'],
  ['incidentResponder', '/api/incidents'],
  ['collectorMetrics', '/metrics'],
  ['storefront', '/api/products'],
] as const;

attack('a page of another site', `reads ${READABLE.length} services`, async () => {
  // What says that every site may read it is read: it is not the browser that keeps the page away.
  expect(await read(`http://127.0.0.1:${sitePort()}/`)).toContain('open');
  for (const [name, path] of READABLE) expect(await read(stack.url(name, path)), name).toBeUndefined();
  return 'the browser hands it no answer';
});

attack('a page of another site', 'silences everything and posts an alert', async () => {
  const silence = JSON.stringify({
    matchers: [{ name: 'alertname', value: '.+', isRegex: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    createdBy: 'evil',
    comment: 'evil',
  });
  const alert = JSON.stringify([{ labels: { alertname: 'Evil', severity: 'page' } }]);
  for (const [path, body] of [
    ['/api/v2/silences', silence],
    ['/api/v2/alerts', alert],
  ] as const)
    for (const type of ['application/json', 'text/plain'])
      for (const credentials of ['include', 'omit'] as const)
        await read(stack.url('alertmanager', path), {
          method: 'POST',
          body,
          credentials,
          type,
        });
  expect(await stack.activeAlerts('alertname=Evil')).toEqual([]);
  return 'Alertmanager asks for its password';
});

attack('a page of another site', 'sends simple requests that change something, blindly', async () => {
  const blind = (url: string, method: string, body?: string) =>
    page.evaluate(
      ([address, how, text]) =>
        fetch(address, { mode: 'no-cors', method: how, ...(text && { body: text }) }).then(
          () => {},
          () => {},
        ),
      [url, method, body] as const,
    );
  const lines = JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'evil' } }] },
        scopeLogs: [{ logRecords: [{ body: { stringValue: 'evil' } }] }],
      },
    ],
  });
  await blind(stack.url('tempo', '/shutdown'), 'GET');
  await blind(stack.url('loki', '/ingester/shutdown'), 'POST');
  await blind(stack.url('loki', '/otlp/v1/logs'), 'POST', lines);
  await blind(stack.url('otlpHttp', '/v1/logs'), 'POST', lines);
  await blind(stack.url('prometheus', '/-/quit'), 'POST');
  await blind(stack.url('storefront', '/admin/faults'), 'POST', '{"errorRatio":1}');
  for (const [name, path] of [
    ['tempo', '/ready'],
    ['loki', '/ready'],
    ['prometheus', '/-/ready'],
  ] as const)
    expect((await stack.http.get(stack.url(name, path))).status, name).toBe(200);
  expect(await stack.logLines('{service_name="evil"}')).toEqual([]);
  return '403, 404, 415; nothing of it is stored';
});

attack(
  'a page of another site',
  'shows Prometheus, Alertmanager, Tempo and the console in a frame',
  async () => {
    const shownOf = async (url: string) => {
      await page.setContent(`<iframe src="${url}"></iframe>`, { waitUntil: 'load' });
      // Looked up anew where a refused page takes the place of the frame.
      return page.frameLocator('iframe').locator('body').innerText();
    };
    expect(await shownOf(`http://127.0.0.1:${sitePort()}/`)).toBe('open');
    for (const [name, path, isShown] of [
      ['prometheus', '/api/v1/query?query=up', /success/],
      ['alertmanager', '/', /unauthorized|alert/i],
      ['tempo', '/api/search', /traces/],
      ['loki', '/loki/api/v1/labels', /success/],
      ['incidentResponder', '/', /incident/i],
    ] as const)
      expect(await shownOf(stack.url(name, path)), name).not.toMatch(isShown);
    return 'X-Frame-Options, frame-ancestors';
  },
);

attack('DNS rebinding', 'a page whose own name comes to lead here, in the browser', async () => {
  const rebound = await browser.newPage();
  for (const [name, path] of [
    ['incidentResponder', '/'],
    ['loki', '/loki/api/v1/labels'],
    ['tempo', '/api/search'],
    ['anomalyDetector', '/healthz'],
  ] as const) {
    const answer = await rebound.goto(`http://evil.example:${stack.settings.ports[name]}${path}`);
    expect(answer?.status(), name).toBe(421);
  }
  await rebound.close();
  return '421';
});
