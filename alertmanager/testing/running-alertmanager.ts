import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endChild } from '@aiops-sre/service-kit/lifecycle/end-child.ts';
import getPort from 'get-port';
import { MAINTENANCE_INTERVAL } from '../maintenance-interval.ts';
import { readEffectiveConfiguration } from '../notification-channels.ts';
import { CONFIG_FILE } from './amtool.ts';

export interface RunningAlertmanager {
  readonly url: string;
  /** Posts alerts that fire from now on; one with an `endsAt` in the past resolves. */
  post(
    alerts: readonly {
      labels: Record<string, string>;
      annotations?: Record<string, string>;
      startsAt?: string;
      endsAt?: string;
    }[],
  ): Promise<void>;
  /** The alerts it knows, and which fingerprints inhibit each. */
  alerts(): Promise<readonly KnownAlert[]>;
  /** Sum of a counter over its labels; 0 where there is none. */
  counter(name: string): Promise<number>;
  /** As by kill -9; resolves when it is up again, with what was on disk. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

/** The real Alertmanager with its effective configuration, in a folder laid out as README.md says. */
export async function startAlertmanager(options: {
  readonly binary: string;
  readonly webhookUrl: string;
  readonly webhookToken: string;
  /** Files of secrets/notifications. */
  readonly notifications?: Readonly<Record<string, string>>;
  /** Flags of a cluster's replica. Default: no cluster. */
  readonly clusterFlags?: readonly string[];
  /** Default: that of the platform. */
  readonly maintenanceInterval?: string;
  /** Default: none, so that tests need not wait for it. */
  readonly startDelay?: string;
}): Promise<RunningAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  const alertmanagerDir = dirname(CONFIG_FILE);
  symlinkSync(join(alertmanagerDir, 'templates'), join(folder, 'templates'));
  const secretsDir = join(folder, 'secrets', 'notifications');
  mkdirSync(secretsDir, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(options.notifications ?? {})) {
    writeFileSync(join(secretsDir, name), `${content}\n`, { mode: 0o600 });
  }
  const { text } = readEffectiveConfiguration({ alertmanagerDir, secretsDir });
  writeFileSync(join(folder, 'alertmanager.yml'), text);
  writeFileSync(join(folder, 'secrets', 'webhook_url'), `${options.webhookUrl}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'secrets', 'webhook_token'), `${options.webhookToken}\n`, { mode: 0o600 });

  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  let log = '';
  function launch() {
    const child = spawn(
      options.binary,
      [
        '--config.file=alertmanager.yml',
        '--storage.path=data',
        `--web.listen-address=127.0.0.1:${port}`,
        `--data.maintenance-interval=${options.maintenanceInterval ?? MAINTENANCE_INTERVAL}`,
        ...(options.clusterFlags ?? ['--cluster.listen-address=']),
        ...(options.startDelay === undefined ? [] : [`--dispatch.start-delay=${options.startDelay}`]),
      ],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-4000);
    });
    return { child, exited: once(child, 'exit') };
  }
  let running = launch();

  async function stop(): Promise<void> {
    await endChild(running.child, 5000);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async function untilReady(): Promise<void> {
    for (const deadline = Date.now() + 15_000; ; await delay(50)) {
      const ready = await fetch(`${url}/-/ready`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) return;
      if (running.child.exitCode !== null || Date.now() > deadline) {
        await stop();
        throw new Error(`Alertmanager did not become ready:\n${log}`);
      }
    }
  }
  await untilReady();

  return {
    url,
    async post(alerts) {
      const response = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      if (!response.ok) throw new Error(`${url}/api/v2/alerts: ${response.status} ${await response.text()}`);
    },
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as KnownAlert[],
    async counter(name) {
      const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
      return lines
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
    async killAndRestart() {
      running.child.kill('SIGKILL');
      await running.exited;
      running = launch();
      await untilReady();
    },
    stop,
  };
}
