import { execa } from 'execa';

/** A Docker engine that answers, with the Compose plugin. */
export interface Docker {
  /** What leads the docker command to the engine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly version: string;
  /** Started here, and ended here again: what is left in it disturbs no one. */
  readonly isOwn: boolean;
}

const QUICK_MS = 60_000;

/** Runs `docker ARGS` and returns its standard output. @throws ExecaError */
export async function docker(
  { environment }: Pick<Docker, 'environment'>,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeoutMs?: number; readonly input?: string } = {},
): Promise<string> {
  const { cwd, timeoutMs = QUICK_MS, input } = options;
  const result = await execa('docker', args, {
    env: environment,
    timeout: timeoutMs,
    ...(cwd !== undefined && { cwd }),
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  return result.stdout;
}

/** Version of the engine that answers, undefined where none does. */
export async function engineVersion(
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  return docker({ environment }, ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 10_000 }).then(
    (version) => version || undefined,
    () => undefined,
  );
}
