import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakePrometheus } from '@aiops-sre/incident-responder/testing/fake-prometheus.ts';
import { flagFile } from '@aiops-sre/incident-responder/testing/flag-file.ts';
import { showSlowIdentity } from '@aiops-sre/incident-responder/testing/slow-identity.ts';
import { startTestResponder } from '@aiops-sre/incident-responder/testing/test-responder.ts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startRecordingEndpoint } from '../testing/recording-endpoint.ts';
import { startAlertmanager } from '../testing/running-alertmanager.ts';

const binary = process.env.ALERTMANAGER ?? '';

describe.skipIf(binary === '')(`a page (${binary || 'skipped: ALERTMANAGER does not name a binary'})`, () => {
  it('says the probable root in its first line, the first time that people are told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'probable-root-'));
    const [slack, webhook] = [await startRecordingEndpoint(), await startRecordingEndpoint()];
    const prometheus = await startFakePrometheus();
    showSlowIdentity(prometheus);
    const flag = flagFile(join(folder, 'flags.json'));
    flag.set('off');
    const alertmanager = await startAlertmanager({
      binary,
      webhookUrl: webhook.url,
      webhookToken: 'unused',
      notifications: { slack: slack.url },
    });
    // At its own pace: all of it has to fit into the 5 s that a page waits for its group.
    const responder = await startTestResponder({
      dataDir: join(folder, 'data'),
      response: {
        prometheusUrl: prometheus.url,
        alertmanagerUrl: alertmanager.url,
        flagsFile: flag.path,
        actionsDir: folder,
      },
    });
    onTestFinished(async () => {
      await responder.close();
      await Promise.all([alertmanager.stop(), prometheus.close(), slack.close(), webhook.close()]);
      rmSync(folder, { recursive: true, force: true });
    });
    const patience = { timeout: 10_000, interval: 50 };
    await vi.waitFor(
      () => expect(prometheus.asked.some((query) => query.startsWith('topk(500'))).toBe(true),
      patience,
    );
    await vi.waitFor(
      () => {
        // Until it was seen off, on is how it always was.
        flag.set(flag.variant() === 'on' ? 'off' : 'on');
        expect(responder.logged.some((line) => line.includes('flag changed'))).toBe(true);
      },
      { timeout: 10_000, interval: 1500 },
    );
    if (flag.variant() === 'off') flag.set('on');
    await alertmanager.post([
      {
        labels: { alertname: 'ErrorBudgetBurn', severity: 'page', service: 'storefront', slo: 'latency' },
        annotations: { summary: 'The budget burns' },
      },
    ]);
    await vi.waitFor(() => expect(slack.bodies).not.toEqual([]), { timeout: 15_000, interval: 50 });
    const { attachments } = JSON.parse(slack.bodies[0]!) as { attachments: { title: string }[] };
    expect(attachments[0]!.title).toMatch(
      /^\[PAGE\] ErrorBudgetBurn: storefront \/ latency, probably .*identity.* \(\d+ %\)$/,
    );
    expect(webhook.bodies[0]).toContain('"probable_root"');
  }, 60_000);
});
