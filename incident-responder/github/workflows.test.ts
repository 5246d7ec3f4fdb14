import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DISASTER_RECOVERY_EVENTS } from '@aiops-sre/conventions/disaster-recovery.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = resolve(import.meta.dirname, '../../.github/workflows');
const workflow = (name: string) => parse(readFileSync(join(folder, `${name}.yml`), 'utf8'));
const step = workflow('dr-step');
const script: string = step.jobs.run.steps[0].run;

describe.each(Object.values(DISASTER_RECOVERY_EVENTS))('workflow %s', (event) => {
  const { on, permissions, jobs } = workflow(event);

  it('runs for its event, and by hand as a dry run unless told otherwise', () => {
    expect(on.repository_dispatch.types).toEqual([event]);
    expect(on.workflow_dispatch.inputs.dry_run).toMatchObject({ type: 'boolean', default: true });
    expect(jobs.step.uses).toBe('./.github/workflows/dr-step.yml');
    expect(jobs.step.with.step).toBe(event.replace(/^dr-/, ''));
  });

  it('may do nothing in the repository', () => {
    expect(permissions).toEqual({});
    expect(step.permissions).toEqual({});
  });
});

describe('script of the steps', () => {
  let runFolder: string;
  let received: { readonly headers: IncomingHttpHeaders; readonly body: unknown }[];
  let url: string;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(text) });
      response.end('ok');
    });
  });
  beforeEach(async () => {
    received = [];
    runFolder = mkdtempSync(join(tmpdir(), 'dr-step-'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    rmSync(runFolder, { recursive: true });
  });

  /** As the runner does: bash, with nothing of the values in the script's text. */
  async function run(environment: Record<string, string>) {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: runFolder,
      env: {
        PATH: process.env.PATH ?? '',
        GITHUB_STEP_SUMMARY: join(runFolder, 'summary'),
        STEP: 'start',
        INCIDENT: 'INC-7',
        DRY_RUN: 'false',
        HOOK_URL: url,
        HOOK_TOKEN: 'secret-of-the-hook',
        RUN_URL: 'https://github.example/runs/1',
        ...environment,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    const [code] = await once(child, 'close');
    return { code, output };
  }

  it('has no expression in its text that could bring in code', () => {
    expect(script).not.toContain('${{');
    expect(step.jobs.run.steps).toHaveLength(1);
  });

  it('asks the hook, with the token in a header', async () => {
    const { code, output } = await run({});
    expect(code).toBe(0);
    expect(received).toMatchObject([
      {
        headers: { authorization: 'Bearer secret-of-the-hook', 'content-type': 'application/json' },
        body: { step: 'start', incident: 'INC-7', run: 'https://github.example/runs/1' },
      },
    ]);
    expect(output).not.toContain('secret-of-the-hook');
  });

  it('asks nothing in a dry run, but says what it would', async () => {
    const { code, output } = await run({ DRY_RUN: 'true' });
    expect(code).toBe(0);
    expect(output).toContain('Dry run: would ask');
    expect(readFileSync(join(runFolder, 'summary'), 'utf8')).toContain('step start because of INC-7');
    expect(received).toEqual([]);
  });

  it.each([
    ['a hook that is not configured', { HOOK_URL: '' }],
    ['an incident that is no name', { INCIDENT: '"; touch pwned; echo "' }],
  ])('fails for %s', async (_name, environment) => {
    const { code, output } = await run(environment);
    expect(code).toBe(1);
    expect(output).toContain('::error::');
    expect(received).toEqual([]);
  });
});
