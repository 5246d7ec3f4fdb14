import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../testing/stack-under-test.ts';
import { containers } from './project.ts';
import { projectUnderTest } from './project-under-test.ts';

const project = projectUnderTest();
const stack = stackUnderTest();
const ROLLED_BACK_WITHIN_MS = 180_000;

/** In the copy, which `docker compose up` started by itself: nothing but Docker knows of it. */
async function deploy(...args: readonly string[]) {
  const modules = join(project.folder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(ROOT, 'node_modules'), modules);
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ['stack/deploy/main.ts', ...args, '--json'],
    {
      cwd: project.folder,
      env: {
        AIOPS_PORT_OFFSET: String(project.portOffset),
        AIOPS_DATA_DIR: '',
        COMPOSE_PROJECT_NAME: project.name,
      },
      reject: false,
      timeout: 400_000,
    },
  );
  expect(stderr).toBe('');
  return { exitCode, result: JSON.parse(stdout) };
}

function share(): string {
  const file = join(project.folder, 'demo-app', 'flags', 'demo.flagd.json');
  return JSON.parse(readFileSync(file, 'utf8')).flags[FLAGS.storefrontCanaryPercent].defaultVariant;
}

test('a bad version is taken back within three minutes, and nothing of it is left', {
  timeout: 450_000,
}, async () => {
  const startedAt = performance.now();
  const { exitCode, result } = await deploy('bad', '--canary', '10');
  const tookMs = performance.now() - startedAt;
  console.log(JSON.stringify({ tookMs, because: result.because, times: result.times }));
  expect(exitCode).toBe(1);
  expect(result).toMatchObject({ version: '1.2.0', previous: '1.0.0', outcome: 'rolled back' });
  expect(result.because).toMatch(/^failed requests/);
  expect(tookMs).toBeLessThan(ROLLED_BACK_WITHIN_MS);
  expect(share()).toBe('none');
  expect([...(await containers(project)).keys()]).not.toContain(STOREFRONT_CANARY.process);
  await eventually('end of its scrapes', 30_000, async () => {
    const targets = await stack.prometheus.targets();
    return targets.every(({ labels }) => labels.instance !== STOREFRONT_CANARY.instance);
  });
});
