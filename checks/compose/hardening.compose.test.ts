import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventually } from '../testing/stack-under-test.ts';
import { docker } from './docker.ts';
import { seesProcesses } from './processes.ts';
import { type Container, containers, isHealthy, memoryInUse, services } from './project.ts';
import { projectUnderTest } from './project-under-test.ts';
import { MEMORY_BUDGET_BYTES } from './service-table.ts';

const project = projectUnderTest();
const all = services(project);
const lasting = all.filter(([, { restart }]) => restart !== 'no');
const names = lasting.map(([name]) => name);
const found: ReadonlyMap<string, Container> = await containers(project);

const container = (name: string): Container => {
  const each = found.get(name);
  if (!each) throw new Error(`no container of ${name}`);
  return each;
};
const ofProcess = (name: string, file: string) =>
  readFileSync(`/proc/${container(name).State.Pid}/${file}`, 'utf8');
const inContainer = (name: string, ...args: string[]) =>
  docker(['exec', container(name).Name.slice(1), ...args]);

describe.skipIf(!seesProcesses(found))('seen from the host', () => {
  test.each(names)('%s runs as no root, without capabilities, with no way to gain any', (name) => {
    const status = Object.fromEntries(
      ofProcess(name, 'status')
        .split('\n')
        .map((line) => line.split(':\t') as [string, string]),
    );
    const user = lasting.find(([each]) => each === name)?.[1].user?.split(':')[0];
    expect(status.Uid?.split('\t')).toEqual(Array(4).fill(user));
    expect(user).not.toBe('0');
    expect(status.CapEff).toBe('0000000000000000');
    expect(status.CapBnd).toBe('0000000000000000');
    expect(status.NoNewPrivs).toBe('1');
    expect(status.Seccomp).toBe('2');
  });

  test.each(names)('%s has its root read-only, and beside it only its volumes to write to', (name) => {
    const mounts = ofProcess(name, 'mounts')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' '))
      .map(([, path = '', , options = '']) => ({ path, isWritable: options.split(',').includes('rw') }));
    expect(mounts.find(({ path }) => path === '/')?.isWritable).toBe(false);
    const own = container(name)
      .Mounts.filter(({ RW }) => RW)
      .map(({ Destination }) => Destination);
    const tmpfs = lasting.find(([each]) => each === name)?.[1].tmpfs ?? [];
    // Docker's own, which belong to root in every container.
    const ofDocker = /^\/(proc|sys|dev)(\/|$)|^\/etc\/(resolv\.conf|hostname|hosts)$/;
    const writable = mounts.filter(({ path, isWritable }) => isWritable && !ofDocker.test(path));
    for (const { path } of writable) expect([...own, ...tmpfs], name).toContain(path);
  });

  test('nothing of the platform listens beyond loopback', () => {
    const ports = new Set<number>(Object.values(project.settings.ports));
    const listening = ['tcp', 'tcp6'].flatMap((protocol) =>
      readFileSync(`/proc/net/${protocol}`, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state]) => state === '0A')
        .map(([, local = '']) => local.split(':') as [string, string])
        .map(([address, port]) => ({ address, port: Number.parseInt(port, 16) })),
    );
    const ours = listening.filter(({ port }) => ports.has(port));
    expect(ours.length).toBeGreaterThan(5);
    // 127.0.0.1 as the kernel writes it.
    for (const { address, port } of ours) expect(address, `port ${port}`).toBe('0100007F');
  });
});

test.each(all.map(([name]) => name))('%s publishes ports on 127.0.0.1 alone', (name) => {
  for (const bindings of Object.values(container(name).HostConfig.PortBindings ?? {}))
    for (const { HostIp } of bindings ?? []) expect(HostIp).toBe('127.0.0.1');
});

test.each([
  'storefront',
  'identity',
  'checkout',
  'payments',
  'anomaly-detector',
  'incident-responder',
  'guard',
])('%s can write to no folder that is not its own', async (name) => {
  const script = `
      const denied = (path) => { try { fs.writeFileSync(path, 'x'); return false } catch (error) { return ['EROFS', 'EACCES', 'ENOENT'].includes(error.code) } };
      console.log(['/x', '/app/x', '/etc/hosts', '/usr/local/bin/x', '/run/x', '/run/secrets/x'].every(denied))`;
  expect(await inContainer(name, 'node', '-e', script)).toBe('true');
});

describe('between the networks', () => {
  const reach = (from: string, host: string, port: number) =>
    inContainer(
      from,
      'node',
      '-e',
      `require('node:net').connect({ host: '${host}', port: ${port}, timeout: 3000 })
        .on('connect', () => { console.log('connected'); process.exit() })
        .on('timeout', () => { console.log('silence'); process.exit() })
        .on('error', ({ code }) => { console.log(code); process.exit() })`,
    );
  const forbidden = [
    ['tempo', 3200],
    ['loki', 3100],
    ['alertmanager', 9093],
    ['incident-responder', 8091],
  ] as const;

  test('the application reaches its own', async () => {
    expect(await reach('storefront', 'identity', 3000)).toBe('connected');
    expect(await reach('checkout', 'payments', 3000)).toBe('connected');
    expect(await reach('checkout', 'postgres', 5432)).toBe('connected');
    expect(await reach('identity', 'otel-collector', 4317)).toBe('connected');
  });

  test.each(forbidden)('the application has no name for %s', async (host, port) => {
    expect(await reach('storefront', host, port)).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test.each(forbidden)('the application gets no answer from the address of %s', async (host, port) => {
    for (const address of Object.values(container(host).NetworkSettings.Networks).map(
      (each) => each.IPAddress,
    ))
      for (const from of ['storefront', 'identity'])
        expect(await reach(from, address, port), `${from} to ${address}`).not.toBe('connected');
  });

  test('the networks of the application and of operations lead nowhere else', async () => {
    for (const network of ['application', 'operations']) {
      const name = `${project.name}_${network}`;
      expect(await docker(['network', 'inspect', '--format', '{{.Internal}}', name])).toBe('true');
    }
  });
});

describe('limits', () => {
  const bytes = (text = '') => Number.parseInt(text, 10) * 1024 ** 2;

  test.each(all.map(([name]) => name))('%s has those of docker-compose.yml', (name) => {
    const wanted = all.find(([each]) => each === name)?.[1];
    const { Memory, NanoCpus, PidsLimit } = container(name).HostConfig;
    expect(wanted?.mem_limit).toMatch(/^\d+m$/);
    expect({ Memory, NanoCpus, PidsLimit }).toEqual({
      Memory: bytes(wanted?.mem_limit),
      NanoCpus: Number(wanted?.cpus) * 1e9,
      PidsLimit: wanted?.pids_limit,
    });
  });

  test('a process that takes two processors gets half of one', async () => {
    const burn = 'const end = Date.now() + 8000; while (Date.now() < end);';
    const burning = [1, 2].map(() => inContainer('guard', 'node', '-e', burn));
    try {
      const usage = await docker([
        ...['stats', '--no-stream', '--format', '{{.CPUPerc}}'],
        container('guard').Name.slice(1),
      ]);
      expect(Number.parseFloat(usage)).toBeGreaterThan(10);
      expect(Number.parseFloat(usage)).toBeLessThan(75);
    } finally {
      await Promise.all(burning);
    }
  });

  test('a process that takes more memory than there is is killed, and the service goes on', async () => {
    const hoard = 'const held = []; for (;;) held.push(Buffer.alloc(16e6, 1));';
    await expect(inContainer('guard', 'node', '-e', hoard)).rejects.toMatchObject({ exitCode: 137 });
    await eventually('healthy service after it', 60_000, async () =>
      isHealthy(project, 'guard', (await containers(project)).get('guard')),
    );
  });

  test('all containers together stay within 1.6 GB', async () => {
    const total = [...(await memoryInUse(project)).values()].reduce((sum, each) => sum + each, 0);
    expect(total).toBeGreaterThan(1e8);
    expect(total).toBeLessThanOrEqual(MEMORY_BUDGET_BYTES);
  });
});
