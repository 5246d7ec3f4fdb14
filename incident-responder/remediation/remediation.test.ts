import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { flagFile } from '../testing/flag-file.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { showSlowIdentity, writeFlagAction } from '../testing/slow-identity.ts';
import { startTestResponder, TEST_OPERATOR_TOKEN, type TestResponder } from '../testing/test-responder.ts';

// Each takes a second or two; a busy host makes that ten.
vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let prometheus: FakePrometheus;
let flag: ReturnType<typeof flagFile>;
let responder: TestResponder | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remediation-'));
  prometheus = await startFakePrometheus();
  showSlowIdentity(prometheus);
  prometheus.answer(/^slow > 0.5/, () => [{ value: 1 }]);
  flag = flagFile(join(folder, 'flags.json'));
  flag.set('off');
});
afterEach(async () => {
  await responder?.close();
  responder = undefined;
  await prometheus.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A responder, and an incident after the flag went on. */
async function respond(action: Record<string, unknown> = {}, clusters: { own?: string; its?: string } = {}) {
  responder = await startTestResponder({
    dataDir: join(folder, 'data'),
    response: {
      prometheusUrl: prometheus.url,
      flagsFile: flag.path,
      actionsDir: writeFlagAction(join(folder, 'actions'), action),
      ...(clusters.own && { clusterName: clusters.own }),
      intervalMs: 30,
      verifyEveryMs: 50,
    },
  });
  const { logged } = responder;
  await vi.waitFor(() => expect(prometheus.asked.some((query) => query.startsWith('topk(500'))).toBe(true));
  // The responder must have seen it off first, or "on" is how it always was.
  await new Promise((resolve) => setTimeout(resolve, 100));
  flag.set('on');
  await vi.waitFor(() => expect(logged.some((line) => line.includes('flag changed'))).toBe(true));
  await responder.deliver(
    webhookPayload([
      alertPayload({
        alertname: 'Anomaly',
        startsAt: new Date().toISOString(),
        labels: { severity: 'ticket', ...(clusters.its && { cluster: clusters.its }) },
      }),
    ]),
  );
  return responder;
}

async function runInState(state: string) {
  return await vi.waitFor(
    async () => {
      const { actions } = (await responder!.getJson('/api/actions')) as unknown as {
        actions: Record<string, unknown>[];
      };
      expect(actions[0]).toMatchObject({ state });
      return actions[0]!;
    },
    { timeout: 10_000, interval: 30 },
  );
}

async function events(): Promise<string[]> {
  const { entries } = (await responder!.getJson('/api/audit')) as unknown as { entries: { event: string }[] };
  return entries.map(({ event }) => event).reverse();
}

describe('an action', () => {
  it('takes the cause away, is verified by a query, and leaves a chain of audit entries', async () => {
    prometheus.answer(/^verified/, () => (flag.variant() === 'off' ? [{ value: 1 }] : []));
    await respond();
    const run = await runInState('succeeded');
    expect(flag.variant()).toBe('off');
    expect(run).toMatchObject({ action: 'switch-off', verification: { outcome: 'passed' } });
    expect(run.confidence).toBeGreaterThan(0.8);
    expect(await events()).toEqual([
      'incident.opened',
      'action.approved',
      'action.executing',
      'action.verifying',
      'action.succeeded',
    ]);
    expect(await responder!.getJson('/api/audit/verify')).toMatchObject({ intact: true, entries: 5 });
    const { incident } = (await responder!.getJson('/api/incidents/1')) as unknown as {
      incident: Record<string, unknown>;
    };
    expect(incident).toMatchObject({
      status: 'mitigated',
      acknowledgedBy: 'responder',
      hypotheses: [{ cause: 'flag-change', service: 'identity' }, {}, {}],
      alerts: [{ role: 'symptom' }],
    });
  });

  it('that does not help is rolled back', async () => {
    await respond();
    const run = await runInState('rolled-back');
    expect(flag.variant()).toBe('on');
    expect(run).toMatchObject({ verification: { outcome: 'failed' } });
    expect((await events()).slice(-2)).toEqual(['action.rolling-back', 'action.rolled-back']);
  });

  it('that nobody can verify, because Prometheus is down, is rolled back', async () => {
    prometheus.answer(/^slow > 0.5/, () => {
      // The last that it answers.
      setTimeout(() => prometheus.setDown(true));
      return [{ value: 1 }];
    });
    await respond();
    expect(await runInState('rolled-back')).toMatchObject({ verification: { outcome: 'unverified' } });
    expect(flag.variant()).toBe('on');
  });

  it('in shadow mode only says what it would have done', async () => {
    await respond({ mode: undefined });
    expect(await runInState('shadow')).toMatchObject({
      mode: 'shadow',
      command: 'set flag experimental-identity-provider to off',
    });
    expect(flag.variant()).toBe('on');
  });

  it('is taken for the own cluster alone, where the responder knows in which it is', async () => {
    prometheus.answer(/^verified/, () => (flag.variant() === 'off' ? [{ value: 1 }] : []));
    const elsewhere = await respond({}, { own: 'eu-1', its: 'us-1' });
    const incident = async () =>
      (
        (await elsewhere.getJson('/api/incidents/1')) as unknown as {
          incident: { hypotheses: { reasons: { text: string }[] }[] };
        }
      ).incident;
    await vi.waitFor(async () =>
      expect(JSON.stringify(await incident())).toContain('Could not be asked for: what cluster us-1 knows.'),
    );
    expect(await elsewhere.getJson('/api/actions')).toMatchObject({ actions: [] });
    expect(flag.variant()).toBe('on');
    await elsewhere.deliver(
      webhookPayload([
        alertPayload({
          alertname: 'Anomaly',
          fingerprint: 'e0',
          startsAt: new Date().toISOString(),
          labels: { severity: 'ticket', cluster: 'eu-1' },
        }),
      ]),
    );
    expect(await runInState('succeeded')).toMatchObject({ incidentId: 2 });
  });

  it('that is forbidden is left to people', async () => {
    await respond({ class: 'FORBIDDEN' });
    expect(await runInState('refused')).toMatchObject({ reason: expect.stringContaining('FORBIDDEN') });
    expect(flag.variant()).toBe('on');
  });

  it('waits for a person where its file says so, and takes no decision from a stranger', async () => {
    prometheus.answer(/^verified/, () => [{ value: 1 }]);
    await respond({ class: 'REQUIRES_APPROVAL' });
    const { id } = await runInState('proposed');
    const approve = (token: string) =>
      fetch(`${responder!.url}/api/actions/${id}/approve`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await approve('not-the-token-of-anybody')).status).toBe(401);
    expect(flag.variant()).toBe('on');
    expect((await approve(TEST_OPERATOR_TOKEN)).status).toBe(200);
    expect(await runInState('succeeded')).toMatchObject({
      approvals: [{ by: 'operator', decision: 'approved' }],
    });
    expect((await approve(TEST_OPERATOR_TOKEN)).status).toBe(409);
  });

  it('that a person approved begins while Prometheus keeps the conditions of others waiting', async () => {
    const actions = writeFlagAction(join(folder, 'actions'), { precondition: 'slow-condition' });
    renameSync(join(actions, 'switch-off.yaml'), join(actions, 'with-a-slow-condition.yaml'));
    await respond({ class: 'REQUIRES_APPROVAL' });
    const { id } = await runInState('proposed');
    prometheus.leaveWaiting(/^slow-condition/);
    const asked = prometheus.asked.length;
    await vi.waitFor(() => expect(prometheus.asked.slice(asked)).toContain('slow-condition'), 5000);
    await fetch(`${responder!.url}/api/actions/${id}/approve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_OPERATOR_TOKEN}` },
    });
    // Before the held query runs into its time limit of five seconds.
    await vi.waitFor(() => expect(flag.variant()).toBe('off'), 3000);
  });

  it('is not taken below the confidence it asks for', async () => {
    await respond({ minimumConfidence: 1 });
    expect(await runInState('refused')).toMatchObject({ reason: expect.stringContaining('confidence') });
    expect(flag.variant()).toBe('on');
  });
});
