import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'docs', 'learn');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const lessons = readdirSync(folder).filter((name) => name !== 'README.md');
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');

/** Arguments of `npm run`, as a shell without quotes has them. */
function commandOf(line: string): { readonly script: string; readonly args: readonly string[] } {
  const [, script, rest = ''] = /^npm run (?:-s )?(\S+)(?: -- (.+))?$/.exec(line) ?? [];
  if (script === undefined) throw new Error(`got '${line}', expected npm run NAME [-- ARGUMENTS]`);
  return { script, args: rest.split(' ').filter(Boolean) };
}
const commandsIn = (text: string) => [
  ...[...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n')),
  ...[...text.matchAll(/`(npm run [^`]+)`/g)].map(([, command]) => command!),
];

/** @returns what the help of a command says, without doing it */
function helpOf(script: string, ...args: readonly string[]): string {
  const file = /^node bootstrap\.mjs (\S+)/.exec(scripts[script])![1]!;
  return execFileSync(process.execPath, [file, ...args, '--help'], { cwd: root, encoding: 'utf8' });
}

const NAMED_FILES: Readonly<Record<string, readonly string[]>> = {
  learn: ['alert-lab/missions'],
  lab: ['alert-lab/drills', 'alert-lab/scenarios'],
};

/** @throws AssertionError where there is no such command, option or file */
function expectToBeThere(line: string): void {
  const { script, args } = commandOf(line);
  expect(scripts, line).toHaveProperty(script);
  if (args.length === 0) return;
  const [sub] = args[0]!.startsWith('--') || script === 'learn' ? [] : args;
  if (sub !== undefined) expect(helpOf(script), line).toMatch(new RegExp(`^  ${sub}\\b`, 'm'));
  const help = helpOf(script, ...(sub === undefined ? [] : [sub]));
  for (const option of args.filter((each) => each.startsWith('--'))) expect(help, line).toContain(option);
  const [name] = script === 'learn' ? args : sub === 'run' ? args.slice(1) : [];
  if (name !== undefined)
    expect(
      NAMED_FILES[script]?.some((each) => existsSync(join(root, each, `${name}.yaml`))),
      line,
    ).toBe(true);
  for (const file of args.filter((each) => each.includes('/') && !each.includes('=')))
    expect(existsSync(join(root, file)), line).toBe(true);
}

test('there are ten lessons, and the index names each', () => {
  const index = textOf('README.md');
  expect(lessons).toHaveLength(10);
  for (const name of lessons) expect(index).toContain(`](${name})`);
});

describe.each(lessons)('%s', (name) => {
  test('has one command, what to see of it, and is short', () => {
    const text = textOf(name);
    expect([...text.matchAll(/```sh\n(.*)\n```/g)]).toHaveLength(1);
    expect(text).toContain('## What to see\n');
    expect(text.split('\n').length).toBeLessThan(40);
  });

  test('has commands that are there', () => {
    const commands = commandsIn(textOf(name));
    // Its own, and its mission.
    expect(commands.length).toBeGreaterThanOrEqual(2);
    for (const line of commands) expectToBeThere(line);
  }, 60_000);
});

test.each([
  'npm run -s moon',
  'npm run -s slo -- moon',
  'npm run -s diagnose -- --moon 3',
  'npm run -s lab -- run moon',
  'npm run -s learn -- moon',
])('%s would be found out', (line) => {
  expect(() => expectToBeThere(line)).toThrow();
});

test.each([...[...lessons, 'README.md'].map((name) => `docs/learn/${name}`), 'CODE_OF_CONDUCT.md'])(
  'links of %s lead somewhere',
  (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, link] of text.matchAll(/\]\(([^)]+)\)/g)) {
      if (link!.startsWith('https://')) continue;
      const [path = '', anchor] = link!.split('#');
      const target = join(root, dirname(file), path);
      expect(existsSync(target), link).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/\s/g, '-'),
      );
      expect(headings, link).toContain(anchor);
    }
  },
);
