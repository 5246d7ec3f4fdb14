import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { alertPayload, webhookPayload } from './payloads.ts';

/** As many groups as Alertmanager notifies at once. */
const CONCURRENT = 100;
const TOKEN = 'a-token-only-for-the-bench';

export interface BurstOptions {
  readonly alerts: number;
  /** That they are of, in turn. */
  readonly services: number;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
  /** Flags of node, as the stack starts the responder with. */
  readonly nodeFlags: readonly string[];
}

/** One process, one burst of alerts in as many notifications, then one more alert. */
export async function measureBurst({ alerts, services, onProgress, signal, nodeFlags }: BurstOptions) {
  const dataDir = mkdtempSync(join(tmpdir(), 'responder-bench-'));
  const child = spawn(process.execPath, [...nodeFlags, join(import.meta.dirname, '..', 'main.ts')], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      DATA_DIR: dataDir,
      WEBHOOK_TOKEN: TOKEN,
      // Nobody listens there: an outage of Prometheus is when alerts come in bursts.
      PROMETHEUS_URL: 'http://127.0.0.1:9',
      ALERTMANAGER_URL: 'http://127.0.0.1:9',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  try {
    const url = Promise.withResolvers<string>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { msg, url: listening } = JSON.parse(line);
      if (msg === 'listening') url.resolve(listening);
    });
    const base = await url.promise;
    const deliver = async (index: number, service: string) => {
      const alert = alertPayload({
        fingerprint: index.toString(16).padStart(8, '0'),
        startsAt: new Date().toISOString(),
        labels: { service },
      });
      const response = await fetch(`${base}/webhook/alertmanager`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(webhookPayload([alert], { groupKey: `{}:{n="${index}"}` })),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`webhook: HTTP ${response.status}`);
    };
    type Page = { readonly incidents: readonly { alertCount: number }[]; readonly next: number | null };
    const incidents = async () => {
      const all: Page['incidents'][number][] = [];
      for (let before: number | null = null; ; ) {
        const from: string = before === null ? '' : `&before=${before}`;
        const page = (await (await fetch(`${base}/api/incidents?limit=200${from}`)).json()) as Page;
        all.push(...page.incidents);
        before = page.next;
        if (before === null) return all;
      }
    };
    const accounted = async () => (await incidents()).reduce((sum, { alertCount }) => sum + alertCount, 0);

    /** The process's own: a busy host stretches the time, but hardly this. */
    const cpu = async () =>
      Number(/^process_cpu_seconds_total (\S+)/m.exec(await (await fetch(`${base}/metrics`)).text())?.[1]);

    await accounted();
    const cpuBefore = await cpu();
    onProgress(`${alerts} alerts of ${services} services, ${CONCURRENT} at once`);
    const startedMs = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: CONCURRENT }, async () => {
        while (next < alerts) {
          next += 1;
          await deliver(next, `service-${next % services}`);
        }
      }),
    );
    while ((await accounted()) < alerts) signal.throwIfAborted();
    const burstSeconds = (performance.now() - startedMs) / 1000;
    const cpuSeconds = (await cpu()) - cpuBefore;

    const oneMs = performance.now();
    await deliver(alerts + 1, 'service-1');
    while ((await accounted()) < alerts + 1) signal.throwIfAborted();
    const oneSeconds = (performance.now() - oneMs) / 1000;
    const peakKb = Number(
      /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN,
    );
    return {
      burstSeconds,
      cpuSeconds,
      oneSeconds,
      peakMegabytes: peakKb / 1024,
      incidents: (await incidents()).length,
    };
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
}
