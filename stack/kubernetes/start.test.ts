import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { withReservedPortOffset } from '../testing/reserved-port-offset.ts';
import { type StandIns, standIns } from './testing/stand-ins.ts';

const ROOT = dirname(dirname(import.meta.dirname));

let cluster: StandIns;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubernetes-'));
  cluster = standIns(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The command as a user's shell runs it, with the stand-ins alone on the PATH. */
function stack(args: readonly string[], offset = 0) {
  return execa(process.execPath, [join(ROOT, 'stack', 'main.ts'), ...args], {
    env: {
      PATH: folder,
      HOME: folder,
      AIOPS_DATA_DIR: join(folder, 'data'),
      AIOPS_PORT_OFFSET: String(offset),
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
}
const start = (...args: readonly string[]) => stack(['start', '--engine', 'kubernetes', ...args]);
const asked = (what: string) => cluster.asked().filter((line) => line.startsWith(what));

test('npm start installs, forwards ports, sees a request the whole way; status, stop and reset go on from there', {
  timeout: 120_000,
}, async () => {
  await withReservedPortOffset(ROOT, async (offset) => {
    onTestFinished(() => stack(['stop'], offset).then(() => {}));
    const started = await stack(['start', '--engine', 'kubernetes', '--no-history'], offset);
    expect(started.all).toContain(
      'Engine: kubernetes (as asked): context kind-one, namespace observability.',
    );
    expect(started.all).toContain('Ready after');
    expect(started.all).not.toContain('symbolic link');
    expect(started.exitCode).toBe(0);
    const [upgrade] = asked('helm upgrade');
    expect(upgrade).toMatch(
      /^helm upgrade --install aiops \S+aiops-sre-observability --create-namespace --wait --timeout 10m /,
    );
    for (const part of ['parts.demo=true', 'parts.traffic=true', 'history=false', '--kube-context kind-one'])
      expect(upgrade).toContain(part);

    const again = await stack(['start'], offset);
    expect(again.all).toContain('Already running on the kubernetes engine');
    const status = await stack(['status', '--json'], offset);
    expect(JSON.parse(status.stdout)).toMatchObject({
      engine: 'kubernetes',
      ready: true,
      cluster: { context: 'kind-one', namespace: 'observability', workloads: 2, unready: [] },
      components: expect.arrayContaining([expect.objectContaining({ name: 'grafana', ready: true })]),
    });
    cluster.set('unready');
    const worse = await stack(['status'], offset);
    expect(worse.exitCode).toBe(1);
    expect(worse.all).toContain('1 of 2 workloads are ready, but for prometheus');

    const stopped = await stack(['stop'], offset);
    expect(stopped.all).toContain('Stopped 2 components. Data stays');
    expect(asked('kubectl').at(-1)).toMatch(
      /scale .*--selector app.kubernetes.io\/instance=aiops --replicas 0$/,
    );
    expect((await stack(['status'], offset)).all).toContain('Nothing is running');

    const reset = await stack(['reset', '--yes'], offset);
    expect(reset.exitCode).toBe(0);
    expect(asked('helm uninstall')).toHaveLength(1);
    expect(asked('kubectl').at(-1)).toContain('delete persistentvolumeclaims');
  });
});

describe('npm start -- --engine kubernetes says what is missing', () => {
  test('helm or kubectl', async () => {
    cluster.remove('kubectl');
    expect((await start()).all).toContain('There is no kubectl on the PATH');
    cluster.remove('helm');
    const { all, exitCode } = await start();
    expect(all).toContain('There is no helm on the PATH; the Kubernetes engine needs it: https://helm.sh');
    expect(exitCode).toBe(1);
  });

  test('a context', async () => {
    expect((await start('--context', 'kind-three')).all).toContain(
      '--context: got kind-three, expected one of kind-one, kind-two',
    );
    cluster.set('no-current');
    expect((await start()).all).toContain('kubectl has no current context: name one by --context');
    expect(asked('helm upgrade')).toEqual([]);
  });

  test('a cluster that answers', async () => {
    cluster.set('down');
    expect((await start()).all).toMatch(/cluster of context kind-one does not answer: .*connection refused/);
    expect(asked('helm upgrade')).toEqual([]);
  });

  test('a default storage class, where no values say what to take', async () => {
    cluster.set('no-storage');
    expect((await start()).all).toContain('has no default storage class');
    expect(asked('helm upgrade')).toEqual([]);
    const values = join(folder, 'values.yaml');
    writeFileSync(values, 'storage: { enabled: false }\n');
    cluster.set('helm-fails');
    await start('--values', values);
    expect(asked('helm upgrade')[0]).toContain(`--values ${values}`);
  });

  test('pods that do not run, where Helm waits in vain', async () => {
    cluster.set('helm-fails');
    const { all, exitCode } = await start();
    expect(exitCode).toBe(1);
    expect(all).toContain('Error: context deadline exceeded');
    expect(all).toContain('loki-0   0/1   Pending');
    expect(all).not.toContain('symbolic link');
  });
});
