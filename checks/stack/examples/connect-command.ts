import { execa } from 'execa';
import { ROOT, type stackUnderTest } from '../../testing/stack-under-test.ts';

/** What `connect --json` prints, by its documented names. */
interface ConnectResult {
  readonly service: string;
  readonly hops: readonly { readonly hop: string; readonly ok: boolean; readonly seconds: number | null }[];
  readonly missing: readonly string[];
  readonly causes: readonly { readonly hop: string; readonly cause: string; readonly cure: string }[];
  readonly remarks: readonly string[];
  readonly found: { readonly routes: readonly { readonly route: string }[] } | null;
  readonly slos: readonly string[];
  readonly dashboards: readonly string[];
}

/** `npm run -s connect -- ARGS --json` on the stack under test. */
export async function connect(
  { environment }: Pick<ReturnType<typeof stackUnderTest>, 'environment'>,
  ...args: readonly string[]
): Promise<{ readonly exitCode: number | undefined; readonly result: ConnectResult }> {
  const { stdout, stderr, exitCode } = await execa('npm', ['run', '-s', 'connect', '--', ...args, '--json'], {
    cwd: ROOT,
    env: environment,
    reject: false,
    stdin: 'ignore',
    timeout: 400_000,
  });
  if (!stdout) throw new Error(`connect ${args.join(' ')}: exit code ${exitCode}: ${stderr}`);
  return { exitCode, result: JSON.parse(stdout) };
}
