import { PATIENTS } from './cluster-under-test.ts';

/** Nobody heals what was changed by hand within the last minute. */
const LEFT_ALONE_MS = 75_000;

const mebibytes = (count: number) => count * 1024 ** 2;
const IDLE = 'setInterval(() => {}, 1000)';

export const LIMITS = {
  memory: { before: '200Mi', after: '300Mi' },
  cpu: { before: '100m', after: '150m' },
};

const programs = {
  'takes-more-memory': `setTimeout(() => { globalThis.kept = Buffer.alloc(${mebibytes(220)}, 1); ${IDLE} }, ${LEFT_ALONE_MS})`,
  'worked-before': IDLE,
  'has-no-image': IDLE,
  // 120 of 1000 milliseconds, or without a pause where it gets fewer.
  'takes-more-cpu': `setInterval(() => {
    const before = process.cpuUsage();
    const spent = () => { const { user, system } = process.cpuUsage(before); return user + system; };
    while (spent() < 12_000);
  }, 100)`,
};
/** A revision of `worked-before` that does not, once it has been left alone. */
const BROKEN = `setTimeout(() => process.exit(1), ${LEFT_ALONE_MS})`;

/** A Deployment of one pod that a namespace of the standard "restricted" takes. */
const deployment = (name: string, image: string, program: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: PATIENTS },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, 'app.kubernetes.io/name': name } },
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'app',
            image,
            imagePullPolicy: 'IfNotPresent',
            command: ['node', '--eval', program],
            resources: {
              requests: { cpu: '10m', memory: '50Mi' },
              limits: { memory: LIMITS.memory.before, cpu: LIMITS.cpu.before },
            },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    },
  },
});

/** One for each of the operator's cases; `image` has Node. */
export const patients = (image: string) =>
  Object.entries(programs).map(([name, program]) =>
    deployment(name, name === 'has-no-image' ? 'registry.invalid/none:1' : image, program),
  );
export const brokenRevision = (image: string) => deployment('worked-before', image, BROKEN);
