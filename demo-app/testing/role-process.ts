import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AxiosInstance } from 'axios';
import { createJsonClient } from '../http/json-client.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const REGISTER = new URL('../telemetry/register.ts', import.meta.url).href;

interface RoleProcessOptions {
  readonly role: string;
  /** How it is observed; not at all without. */
  readonly telemetry?: 'stock' | 'lean' | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RoleProcess {
  readonly url: string;
  readonly client: AxiosInstance;
  readonly child: ChildProcess;
  /** Its log so far. */
  readonly log: readonly Record<string, unknown>[];
  /** Resolves with the exit code, null after a signal. */
  readonly exited: Promise<number | null>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One role as a real process, as it is run for use, on a free port and with no environment but the given one. */
export async function startRoleProcess({
  role,
  telemetry,
  env = {},
}: RoleProcessOptions): Promise<RoleProcess> {
  const imports = telemetry ? ['--import', REGISTER] : [];
  const child = spawn(process.execPath, [...imports, MAIN, role], {
    env: { PATH: process.env.PATH, PORT: '0', ...(telemetry ? { TELEMETRY: telemetry } : {}), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const log: Record<string, unknown>[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line);
      log.push(entry);
      if (entry.msg === 'listening') resolve(entry.port);
    });
    exited.then((code) =>
      reject(new Error(`${role} ended with ${code} before it listened: ${JSON.stringify(log)}`)),
    );
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    client: createJsonClient({ baseUrl: url, timeoutMs: 5000 }),
    child,
    log,
    exited,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
