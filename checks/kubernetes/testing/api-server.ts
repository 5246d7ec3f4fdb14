import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithUs } from '@aiops-sre/service-kit/testing/end-with-us.ts';
import getPort from 'get-port';
import type { TestProject } from 'vitest/node';
import { type ApiServer, openAdministrator } from './administrator.ts';
import { controlPlane } from './control-plane.ts';

const READY_WITHIN_MS = 120_000;

declare module 'vitest' {
  export interface ProvidedContext {
    apiServer: ApiServer;
  }
}

/**
 * Kubernetes' API server and its etcd for all tests, on loopback with keys, ports and a folder of their own. No controller, scheduler
 * or node is there: what those would do, tests write. Gone with the suite, however that ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'kubernetes-'));
  const running: { readonly child: ChildProcess; said: string }[] = [];

  function start(name: 'etcd' | 'kube-apiserver', args: readonly string[]) {
    const binary = process.env[name.toUpperCase().replace('-', '_')] ?? name;
    const child = spawn(binary, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const started = { child, said: '' };
    child.on('error', (error) => {
      started.said += `${binary}: ${error.message}`;
    });
    child.stderr.on('data', (chunk) => {
      started.said = (started.said + chunk).slice(-4000);
    });
    if (child.pid !== undefined) endWithUs(child, folder);
    running.push(started);
  }
  async function stop(): Promise<void> {
    // The store last.
    for (const { child } of running.reverse()) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }

  const ports = { etcd: await getPort(), etcdPeer: await getPort(), apiServer: await getPort() };
  const token = randomBytes(24).toString('hex');
  const { etcd, authorityFile, ...plane } = controlPlane({
    folder,
    address: '127.0.0.1',
    ports,
    accounts: [{ token, user: 'administrator', group: 'system:masters' }],
  });
  const apiServer: ApiServer = {
    url: `https://127.0.0.1:${ports.apiServer}`,
    authorityFile,
    token,
    auditFile: join(folder, 'audit.log'),
  };
  const auditPolicy = join(folder, 'audit.json');
  writeFileSync(auditPolicy, JSON.stringify(AUDIT));
  start('etcd', etcd);
  start('kube-apiserver', [
    ...plane.apiServer,
    '--endpoint-reconciler-type=none',
    `--audit-log-path=${apiServer.auditFile}`,
    '--audit-log-mode=blocking',
    `--audit-policy-file=${auditPolicy}`,
  ]);
  try {
    for (const deadline = Date.now() + READY_WITHIN_MS; ; await delay(100)) {
      if (await openAdministrator(apiServer).isReady()) break;
      const ended = running.find(
        ({ child }) => child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
      );
      if (ended !== undefined || Date.now() > deadline)
        throw new Error(
          `Kubernetes' API did not become ready:\n${(ended ? [ended] : running).map(({ said }) => said).join('\n')}`,
        );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('apiServer', apiServer);
  return stop;
}

/** Who asked what, a line each once it is answered or, of a watch, begun. */
const AUDIT = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};
