import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const scripts = join(import.meta.dirname, '..', '..', 'deploy');
const IMAGES = 'ghcr.io/owner/name';

/** A machine with a Docker that only writes down what is asked of it, and the checkout of a release. */
describe('the deployment scripts', { timeout: 60_000 }, () => {
  let folder: string;
  let machine: string;
  let path: string;
  const platform = (...names: string[]) => join(machine, 'aiops-sre-observability', ...names);
  const dockerLog = () => readFileSync(join(folder, 'docker.log'), 'utf8');
  const command = (name: string, script: string) => {
    writeFileSync(join(folder, 'bin', name), `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  const run = (script: string, ...args: string[]) =>
    spawnSync('bash', [join(scripts, script), ...args], {
      cwd: join(folder, 'checkout'),
      env: { PATH: path, HOME: folder },
      encoding: 'utf8',
    });
  const deploy = (version: string) => run('deploy.sh', 'user@host', version, IMAGES);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deploy-'));
    machine = join(folder, 'machine');
    path = `${join(folder, 'bin')}:${process.env.PATH}`;
    mkdirSync(join(folder, 'bin'));
    mkdirSync(platform('secrets', 'expose'), { recursive: true });
    writeFileSync(platform('secrets', 'expose', 'expose.env'), 'EXPOSE_HOST=host\n');
    command('docker', `echo "$PWD: $*" >> '${folder}/docker.log'; ! [ -e '${folder}/docker-fails' ]`);
    command('ssh', `shift; cd '${machine}'; HOME='${machine}' exec bash -c "$*"`);
    const checkout = join(folder, 'checkout');
    mkdirSync(join(checkout, 'secrets', 'expose'), { recursive: true });
    cpSync(scripts, join(checkout, 'deploy'), { recursive: true });
    writeFileSync(join(checkout, '.env'), '');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: checkout });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'release');
    for (const version of ['v1.0.0', 'v1.1.0']) git('tag', version);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("start a release from its images, behind the door, with the machine's own secrets", () => {
    const { status, stdout, stderr } = deploy('v1.0.0');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('v1.0.0 runs');
    expect(dockerLog()).toContain(`pull --quiet ${IMAGES}/demo-app:1.0.0`);
    expect(dockerLog()).toMatch(/-f docker-compose.yml -f docker-compose.expose.yml up --no-build .*--wait/);
    expect(readlinkSync(platform('releases', 'v1.0.0', 'secrets'))).toBe(platform('secrets'));
    expect(existsSync(platform('secrets', 'expose', 'expose.env'))).toBe(true);
    expect(basename(readlinkSync(platform('current')))).toBe('v1.0.0');
  });

  test('go back to the version before when the smoke test of a new one failed', () => {
    deploy('v1.0.0');
    deploy('v1.1.0');
    const { status, stdout } = run('roll-back.sh', 'user@host');
    expect(status).toBe(0);
    expect(stdout).toContain('v1.0.0 runs');
    expect(basename(readlinkSync(platform('current')))).toBe('v1.0.0');
  });

  test('go back to the version that still counts as current when the new one did not start', () => {
    deploy('v1.0.0');
    writeFileSync(join(folder, 'docker-fails'), '');
    expect(deploy('v1.1.0').status).not.toBe(0);
    rmSync(join(folder, 'docker-fails'));
    expect(run('roll-back.sh', 'user@host').stdout).toContain('v1.0.0 runs');
  });

  test('say that there is nothing to go back to', () => {
    const { status, stderr } = run('roll-back.sh', 'user@host');
    expect(status).not.toBe(0);
    expect(stderr).toContain('nothing to go back to');
  });

  test('refuse a version or a registry that a shell could misread', () => {
    expect(deploy('v1.0.0; id').status).toBe(2);
    expect(run('deploy.sh', 'user@host', 'v1.0.0', "x' y").status).toBe(2);
  });

  test('start nothing where the secrets for exposure are missing', () => {
    rmSync(platform('secrets'), { recursive: true });
    expect(deploy('v1.0.0').stderr).toContain('secrets/expose is missing');
    expect(existsSync(join(folder, 'docker.log'))).toBe(false);
  });
});
