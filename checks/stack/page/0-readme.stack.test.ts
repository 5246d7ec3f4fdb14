import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { ROOT, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();

/** Run by this very suite (start, test:stack, stop) and by .ci/run (test). */
const RUN_ELSEWHERE = new Set(['npm start', 'npm test', 'npm run test:stack', 'npm stop']);

/** Commands in the README's sh blocks, lines that end in a backslash joined with the next. */
const commands = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)]
  .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'))
  .filter(Boolean)
  .filter((command) => !RUN_ELSEWHERE.has(command));

/** The same command for the stack under test: its ports and its data folder. */
function forStackUnderTest(command: string): string {
  const defaults = Object.values(stack.settings.ports).map((port) => ({
    port,
    original: port - stack.portOffset,
  }));
  return defaults
    .reduce(
      (text, { port, original }) => text.replaceAll(`127.0.0.1:${original}`, `127.0.0.1:${port}`),
      command,
    )
    .replaceAll('.data/', `${stack.settings.dataDir}/`);
}

afterAll(() => stack.clearFaults());

test.each(commands)('README: %s', async (command) => {
  const result = await execa('bash', ['-c', forStackUnderTest(command)], {
    cwd: ROOT,
    env: stack.environment,
    reject: false,
    all: true,
  });
  expect(result.exitCode, result.all).toBe(0);
});

test('the README names every command of package.json that users need', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  for (const command of [
    'npm start',
    'npm stop',
    'npm run status',
    'npm run reset',
    'npm test',
    'npm run test:stack',
  ]) {
    expect(readme).toContain(command);
  }
});
