import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const workflows = readdirSync(join(root, '.github', 'workflows')).map((file) => `.github/workflows/${file}`);
const actions = readdirSync(join(root, '.github', 'actions')).map(
  (name) => `.github/actions/${name}/action.yml`,
);
/** Set by `npm test`. */
const actionlint = process.env.ACTIONLINT;

interface Job {
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly { readonly run?: string }[];
  readonly strategy?: { readonly matrix?: { readonly component?: readonly string[] } };
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly jobs: Readonly<Record<string, Job>>;
}

describe.each([...workflows, ...actions])('%s', (file) => {
  test('pins every action by the digest of a commit, with its version beside it', () => {
    for (const [line, used] of read(file).matchAll(/^\s*(?:- )?uses:\s*(.+)$/gm)) {
      if (!used?.startsWith('./'))
        expect(line.trim()).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
});

describe.each(workflows)('%s', (file) => {
  const workflow: Workflow = parse(read(file));

  test('grants nothing to all jobs, and each job names what it needs', () => {
    expect(workflow.permissions).toEqual({});
    for (const [name, { permissions = {} }] of Object.entries(workflow.jobs)) {
      expect(typeof permissions, name).toBe('object');
      const writes = Object.keys(permissions).filter((scope) => permissions[scope] === 'write');
      if (file !== '.github/workflows/release.yml')
        expect(writes, `${name} writes`).toEqual(file.endsWith('/scorecard.yml') ? ['id-token'] : []);
    }
  });

  test('lets no job run for ever', () => {
    for (const [name, job] of Object.entries(workflow.jobs)) {
      if (!job.uses) expect(job['timeout-minutes'], name).toBeLessThanOrEqual(120);
    }
  });

  test('hands no text from outside to a shell', () => {
    for (const { steps = [] } of Object.values(workflow.jobs)) {
      for (const { run = '' } of steps)
        expect(run).not.toMatch(/\$\{\{\s*(github\.(event|head_ref|ref_name)|inputs|secrets|vars)/);
    }
  });
});

test('CI, releases and deployments know every image that docker-compose.yml builds', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true });
  const built = new Set<string>();
  for (const service of Object.values<{ build?: { args: { COMPONENT: string } } }>(compose.services)) {
    if (service.build) built.add(service.build.args.COMPONENT);
  }
  const components = [...built].toSorted();
  for (const file of ['ci', 'release']) {
    const { jobs }: Workflow = parse(read(`.github/workflows/${file}.yml`));
    expect(jobs.images?.strategy?.matrix?.component?.toSorted(), file).toEqual(components);
  }
  const [, list = ''] = /for component in (.+); do/.exec(read('deploy/activate.sh')) ?? [];
  expect(list.split(' ').toSorted()).toEqual(components);
});

describe('a deployment', () => {
  const steps: readonly { name?: string; run?: string }[] = parse(read('.github/workflows/deploy-to.yml'))
    .jobs.deploy.steps;
  const names = steps.map(({ name }) => name);
  const asks = steps.find(({ name }) => name === 'ask the error budget')?.run ?? '';

  test.each([
    [0, 0, ''],
    [1, 1, ''],
    [2, 0, '::warning::the error budget could not be asked\n'],
  ])('whose error budget gate ends with %i has a step that ends with %i', (gate, expected, said) => {
    expect(names.indexOf('ask the error budget')).toBeGreaterThan(names.indexOf('key'));
    expect(names.indexOf('ask the error budget')).toBeLessThan(names.indexOf('deploy'));
    // As the runner does.
    const { status, stdout } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', `npm() { return ${gate}; }\n${asks}`],
      { encoding: 'utf8', env: { PATH: process.env.PATH, HOST: 'host', RUNNER_TEMP: '/tmp', FIX: '' } },
    );
    expect([status, stdout]).toEqual([expected, said]);
  });
});

test.skipIf(!actionlint || !existsSync(join(root, '.git')))(
  `actionlint has nothing to say${actionlint ? '' : ' (skipped: ACTIONLINT is not set)'}`,
  () => {
    execFileSync(actionlint ?? '', ['-no-color', ...workflows], { cwd: root, encoding: 'utf8' });
  },
);
