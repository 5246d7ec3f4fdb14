import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { onTerminalAs } from '@aiops-sre/stack/testing/on-terminal.ts';
import { withOwnStack } from '@aiops-sre/stack/testing/with-own-stack.ts';
import { execa } from 'execa';
import { z } from 'zod';

/** What a check found: tests, or one for a check that is no test suite. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly attacks?: readonly Attack[];
}

interface StepContext {
  readonly root: string;
  /** Added to the environment of the tests: paths of real binaries. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Goes before each line on the terminal, where several steps write there at a time. */
  readonly prefix?: string;
}

export interface Step {
  readonly name: string;
  run(context: StepContext): Promise<Outcome>;
}

const attackSchema = z.object({ attack: z.string(), tried: z.string(), refused: z.string().optional() });
/** What a test of checks/attack tells of itself; without `refused` the attack went through. */
type Attack = z.infer<typeof attackSchema>;

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ meta: z.object({ attack: attackSchema.optional() }).optional() })),
    }),
  ),
});

/** Runs a command on the terminal; `failed` where it could not be run, was interrupted or exited with non-zero. */
function onTerminal(
  { root, environment, signal, prefix }: StepContext,
  file: string,
  args: readonly string[],
): Promise<{ readonly failed: boolean }> {
  return execa(file, args, {
    cwd: root,
    env: environment,
    stdin: 'ignore',
    ...onTerminalAs(prefix),
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 60_000,
  });
}

/** A command that passes or fails as a whole. */
export function command(name: string, ...[file, ...args]: readonly [string, ...string[]]): Step {
  return {
    name,
    run: async (context) => {
      const { failed } = await onTerminal(context, file, args);
      return { passed: failed ? 0 : 1, failed: failed ? 1 : 0, skipped: 0 };
    },
  };
}

/** A vitest run, counted test by test. */
export function vitest(name: string, ...args: readonly string[]): Step {
  return {
    name,
    run: async (context) => {
      const folder = mkdtempSync(join(tmpdir(), 'vitest-report-'));
      const report = join(folder, 'report.json');
      try {
        const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
        const { failed } = await onTerminal(context, 'vitest', ['run', ...args, ...reporters]);
        const result = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
        // A file that cannot be loaded, or an error outside any test, fails the run without a failed test.
        const silent = failed && result.numFailedTests === 0 ? Math.max(1, result.numFailedTestSuites) : 0;
        return {
          passed: result.numPassedTests,
          failed: result.numFailedTests + silent,
          skipped: result.numPendingTests + result.numTodoTests,
          attacks: result.testResults
            .flatMap(({ assertionResults }) => assertionResults)
            .flatMap(({ meta }) => meta?.attack ?? []),
        };
      } catch {
        return { passed: 0, failed: 1, skipped: 0 };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The same step with a stack of its own running, which its environment leads to. */
export function onOwnStack(step: Step, startArguments: readonly string[] = []): Step {
  return {
    name: step.name,
    run: (context) =>
      withOwnStack({ ...context, startArguments }, (environment) =>
        step.run({ ...context, environment: { ...context.environment, ...environment } }),
      ).catch((error: Error) => {
        printError(error.message);
        return { passed: 0, failed: 1, skipped: 0 };
      }),
  };
}
