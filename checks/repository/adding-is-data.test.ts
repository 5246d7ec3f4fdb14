import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyCheckout } from '../compose/checkout-copy.ts';

const root = join(import.meta.dirname, '..', '..');
let copy: string;

/** Code blocks of CONTRIBUTING that say which file they are. */
const examples = [
  ...readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm),
].map(([, path = '', text = '']) => ({ path, text }));

const run = (command: string, ...args: string[]) =>
  execa(command, args, { cwd: copy, all: true, reject: false, preferLocal: true, localDir: copy });
/** @returns what it printed, if it failed */
async function problem(command: string, ...args: string[]): Promise<string | undefined> {
  const { failed, all } = await run(command, ...args);
  return failed ? all : undefined;
}

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'adding-is-data-'));
  await copyCheckout(root, copy);
  shareNodeModules(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { path, text } of examples) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  expect(await problem('node', 'checks/generate.ts')).toBeUndefined();
}, 180_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Packages are shared; workspaces are the copy's own. */
function shareNodeModules(from: string, to: string): void {
  mkdirSync(join(to, '@aiops-sre'), { recursive: true });
  for (const name of readdirSync(from).filter((each) => each !== '@aiops-sre' && each !== '.vite'))
    symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '@aiops-sre')))
    symlinkSync(join(copy, name), join(to, '@aiops-sre', name));
}

test('there is an example of each kind, and none takes the place of what is shipped', () => {
  expect(examples.map(({ path }) => dirname(path))).toEqual([
    'slo/definitions',
    'prometheus/targets/services',
    'anomaly-detector/rules',
    'incident-responder/actions',
    'alert-lab/drills',
    'alert-lab/faults',
    'alert-lab/missions',
    'alert-lab/scenarios',
    'grafana/src/dashboards',
    'docs/runbooks',
  ]);
});

test('they are formatted, and their types are right', async () => {
  const files = examples.map(({ path }) => path).filter((path) => /\.(ts|json)$/.test(path));
  expect(await problem('node', 'node_modules/@biomejs/biome/bin/biome', 'ci', ...files)).toBeUndefined();
  expect(await problem('node', 'node_modules/typescript/bin/tsc', '--project', '.')).toBeUndefined();
}, 120_000);

test('what is made from them is there, and up to date', async () => {
  expect(readdirSync(join(copy, 'prometheus', 'rules'))).toContain('billing-availability.rules.yml');
  expect(readdirSync(join(copy, 'grafana', 'dashboards'))).toContain('billing.json');
  expect(await problem('node', 'slo/main.ts', 'check')).toBeUndefined();
  expect(await problem('node', 'grafana/generate.ts', '--check')).toBeUndefined();
}, 120_000);

test('drill, scenario, fault and mission are listed', async () => {
  const { stdout } = await run('node', 'alert-lab/main.ts', 'list');
  expect(stdout).toMatch(/^visitors-double +drill twice as many/m);
  expect(stdout).toMatch(/^short-outages +x5 /m);
  expect((await run('node', 'alert-lab/main.ts', 'faults')).stdout).toMatch(/^billing-down +fault +x1 /m);
  expect((await run('node', 'alert-lab/school/main.ts')).stdout).toMatch(/^25 +no-documents +4 Command +/m);
});

/** Everything that reads one of these folders. */
const TESTS = [
  'slo/generated',
  'backfill/past',
  'grafana/src',
  'grafana/generate',
  'alert-lab/drill',
  'alert-lab/fault',
  'alert-lab/school',
  'alert-lab/timeline',
  'alert-lab/quality',
  'anomaly-detector/rules',
  'incident-responder/remediation/load-actions',
  'stack/native/configuration',
  'stack/compose/compose-file',
  'checks/repository/runbooks',
  'checks/series-budget',
];

test('every test that reads what was added is content with it', async () => {
  const found = await problem('node', 'node_modules/vitest/vitest.mjs', 'run', ...TESTS);
  expect(found?.match(/ FAIL [\s\S]*/)?.[0].slice(0, 6000) ?? found).toBeUndefined();
}, 400_000);
