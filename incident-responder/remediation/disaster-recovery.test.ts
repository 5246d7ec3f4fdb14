import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FakeGitHub, startFakeGitHub } from '../testing/fake-github.ts';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder, type TestResponder } from '../testing/test-responder.ts';

vi.setConfig({ testTimeout: 30_000 });
const TOKEN = 'a-token-of-tests-only';
const SHIPPED = join(import.meta.dirname, '..', 'actions');

let folder: string;
let upRatio: number;
let prometheus: FakePrometheus;
let gitHub: FakeGitHub;
let responder: TestResponder;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'disaster-recovery-'));
  const actionsDir = join(folder, 'actions');
  mkdirSync(actionsDir);
  for (const name of ['start-disaster-recovery', 'switch-to-disaster-recovery', 'leave-disaster-recovery']) {
    const file = join(actionsDir, `${name}.yaml`);
    cpSync(join(SHIPPED, `${name}.yaml`), file);
    // The shipped files but for their delays.
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace(/after: \S+/g, 'after: 0s')
        .replace(/within: \S+/g, 'within: 5s'),
    );
  }
  upRatio = 1;
  prometheus = await startFakePrometheus();
  prometheus.answer(/^avg by \(service\) \(up/, () => [
    { labels: { service: 'fulfillment' }, value: upRatio },
  ]);
  prometheus.answer(/^service:instances_up:ratio.*<= 0.5/, () =>
    upRatio <= 0.5 ? [{ value: upRatio }] : [],
  );
  prometheus.answer(/^service:instances_up:ratio.*<= 0.25/, () =>
    upRatio <= 0.25 ? [{ value: upRatio }] : [],
  );
  prometheus.answer(/^service:instances_up:ratio.*> 0.75/, () =>
    upRatio > 0.75 ? [{ value: upRatio }] : [],
  );
  prometheus.answer(/^aiops_last_dispatch/, () => [{ value: 1 }]);
  gitHub = await startFakeGitHub({ repository: 'shop/standby', token: TOKEN });
  responder = await startTestResponder({
    dataDir: join(folder, 'data'),
    gitHub: { apiUrl: gitHub.apiUrl, owner: 'shop', repository: 'standby', token: TOKEN },
    response: { prometheusUrl: prometheus.url, actionsDir, intervalMs: 40, verifyEveryMs: 50 },
  });
});
afterEach(async () => {
  await responder.close();
  await Promise.all([prometheus.close(), gitHub.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const outage = (alertname: string, severity: string, status: 'firing' | 'resolved' = 'firing') =>
  alertPayload({
    alertname,
    status,
    fingerprint: alertname === 'ServiceHalfOutage' ? 'aa' : 'bb',
    startsAt: new Date().toISOString(),
    labels: { severity, service: 'fulfillment', slo: 'none' },
  });
const dispatched = (...events: string[]) =>
  vi.waitFor(() => expect(gitHub.dispatches.map(({ event_type }) => event_type)).toEqual(events), {
    timeout: 10_000,
  });

it('half an outage starts the standby site, a major one leads users there, recovery leads them home, each once', async () => {
  upRatio = 0.5;
  const half = outage('ServiceHalfOutage', 'ticket');
  await responder.deliver(webhookPayload([half]));
  await dispatched('dr-start');
  upRatio = 0.25;
  const major = outage('ServiceMajorOutage', 'page');
  await responder.deliver(webhookPayload([half, major]));
  await dispatched('dr-start', 'dr-switch-dns');
  upRatio = 1;
  await responder.deliver(
    webhookPayload([
      { ...half, status: 'resolved' },
      { ...major, status: 'resolved' },
    ]),
  );
  await dispatched('dr-start', 'dr-switch-dns', 'dr-revert');
  expect(gitHub.violations).toEqual([]);
  expect(gitHub.dispatches[0]?.client_payload).toEqual({ incident: '1', service: 'fulfillment' });
  await vi.waitFor(async () => {
    const postmortem = await (await fetch(`${responder.url}/api/incidents/1/postmortem`)).text();
    expect(postmortem).toMatch(/Lead users home and stop the standby site .*: succeeded/);
  });
  expect(gitHub.dispatches).toHaveLength(3);
});

it('nothing is dispatched for an alert whose precondition does not hold any more', async () => {
  upRatio = 1;
  await responder.deliver(webhookPayload([outage('ServiceHalfOutage', 'ticket')]));
  await vi
    .waitFor(() => expect(prometheus.asked.some((query) => query.includes('<= 0.5'))).toBe(true), {
      timeout: 1000,
    })
    .catch(() => undefined);
  expect(gitHub.dispatches).toEqual([]);
});
