import { execa } from 'execa';

const QUICK_MS = 60_000;

export interface DockerOptions {
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** Added to this process' own, which leads to the engine. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs `docker ARGS` and returns its standard output. @throws ExecaError */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { cwd, timeoutMs = QUICK_MS, environment = {} } = options;
  const { stdout } = await execa('docker', args, {
    env: environment,
    timeout: timeoutMs,
    stdin: 'ignore',
    ...(cwd !== undefined && { cwd }),
  });
  return stdout;
}

/** Version of the engine that answers, undefined where none does. */
export async function engineVersion(
  environment: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  return docker(['version', '--format', '{{.Server.Version}}'], { timeoutMs: 10_000, environment }).then(
    (version) => version || undefined,
    () => undefined,
  );
}
