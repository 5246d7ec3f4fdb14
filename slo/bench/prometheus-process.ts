import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';

export interface PrometheusProcess extends AsyncDisposable {
  readonly url: string;
  /** CPU seconds it has used, of user and system. */
  cpuSeconds(): Promise<number>;
}

const READY_TIMEOUT_MS = 120_000;

/** A Prometheus of its own on a free port of the loopback. @throws Error with its last lines if it does not get ready */
export async function startPrometheus(options: {
  readonly prometheus: string;
  readonly configFile: string;
  readonly dataFolder: string;
  /** How far back its data may reach, such as 40d. */
  readonly retention: string;
  /** In place of ours. */
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<PrometheusProcess> {
  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    options.prometheus,
    [
      `--config.file=${options.configFile}`,
      `--storage.tsdb.path=${options.dataFolder}`,
      `--storage.tsdb.retention.time=${options.retention}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: options.environment ?? process.env },
  );
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4000);
  });
  const exited = once(child, 'exit');
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`Prometheus did not get ready:\n${log}`);
    }
    await sleep(200);
  }
  return {
    url,
    cpuSeconds: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await Promise.race([exited, sleep(20_000).then(() => child.kill('SIGKILL'))]);
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
