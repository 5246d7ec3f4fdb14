import type { ComposeFile, Service } from '@aiops-sre/stack/compose/compose-file.ts';

interface RuleContext {
  readonly name: string;
  readonly file: ComposeFile;
}

/** Says what is wrong with a service, or nothing. */
type Rule = (service: Service, context: RuleContext) => string | undefined;

const OURS = 'aiops-sre-observability/';

/** Bind mounts are paths; everything else before the first colon is the name of a volume. */
const bindMounts = (service: Service) => service.volumes.filter((volume) => /^[./~]/.test(volume));

/** Someone waits for it to end well: its exit code is its health. */
function isAwaited({ name, file }: RuleContext): boolean {
  return Object.values(file.services).some(
    ({ depends_on }) => depends_on[name]?.condition === 'service_completed_successfully',
  );
}

function checkedFromOutside({ name, file }: RuleContext): boolean {
  const targets = file.services.guard?.environment.HEALTH_TARGETS ?? '';
  return targets.split(/\s+/).some((target) => target.startsWith(`${name}=`));
}

/** Every service of docker-compose.yml keeps them, or says beside itself why not: `x-exceptions: { rule: reason }`. */
export const HARDENING_RULES: Readonly<Record<string, Rule>> = {
  'read-only': ({ read_only }) => (read_only ? undefined : 'its root can be written: read_only: true'),

  'no-capabilities': ({ cap_drop, cap_add }) =>
    cap_drop.includes('ALL') && cap_add.length === 0 ? undefined : 'it has capabilities: cap_drop: [ALL]',

  'no-new-privileges': ({ security_opt }) =>
    security_opt.includes('no-new-privileges:true') ? undefined : 'security_opt: ["no-new-privileges:true"]',

  'not-privileged': ({ privileged, devices, pid, ipc }) =>
    privileged || devices.length > 0 || pid !== undefined || ipc === 'host'
      ? 'it is privileged, or shares devices, processes or memory with the host'
      : undefined,

  'non-root': ({ user }) =>
    user !== undefined && /^[1-9]\d*(:\d+)?$/.test(user)
      ? undefined
      : `user is ${user ?? 'not set'}, expected a number that is not 0`,

  'memory-limit': ({ mem_limit }) => (mem_limit === undefined ? 'no mem_limit' : undefined),

  'cpu-limit': ({ cpus }) => {
    const limit = Number(cpus);
    // Docker refuses to start a container that may use more than the host has.
    return limit > 0 && limit <= 1
      ? undefined
      : `cpus is ${cpus ?? 'not set'}, expected more than 0, at most 1`;
  },

  'process-limit': ({ pids_limit }) => ((pids_limit ?? 0) > 0 ? undefined : 'no pids_limit'),

  'health-check': ({ healthcheck, image = '' }, context) => {
    if (healthcheck?.disable) return 'its health check is disabled';
    const hasTest = healthcheck?.test !== undefined || (healthcheck !== undefined && image.startsWith(OURS));
    return hasTest || checkedFromOutside(context) || isAwaited(context)
      ? undefined
      : 'no healthcheck, not in HEALTH_TARGETS of the service guard, and nobody waits for its end';
  },

  'loopback-ports': ({ ports }) => {
    const open = ports.filter((port) => !port.startsWith('127.0.0.1:'));
    return open.length > 0 ? `published beyond 127.0.0.1: ${open.join(', ')}` : undefined;
  },

  'own-networks': ({ networks, network_mode }, { file }) => {
    if (network_mode === 'none') return undefined;
    if (network_mode !== undefined) return `network_mode: ${network_mode}`;
    const unknown = networks.filter((network) => !(network in file.networks));
    return networks.length === 0 || unknown.length > 0
      ? 'it is in the default network, where it can reach whoever else is'
      : undefined;
  },

  'no-docker-socket': ({ volumes, environment }) =>
    [...volumes, ...Object.values(environment)].some((value) => value?.includes('docker.sock'))
      ? "it has Docker's socket, which is root on the host"
      : undefined,

  'read-only-mounts': (service) => {
    const writable = bindMounts(service).filter((volume) => !/:ro(,|$)/.test(volume));
    return writable.length > 0 ? `it can write the host's ${writable.join(', ')}` : undefined;
  },

  'pinned-image': ({ image }) =>
    image?.startsWith(OURS) ||
    /(:v?\d+\.\d+\.\d+\S*|postgres:\d+\.\d+-\w+|seaweedfs:\d+\.\d+|@sha256:[0-9a-f]{64})$/.test(image ?? '')
      ? undefined
      : `image is ${image ?? 'not set'}, expected a whole version or a digest`,

  'restart-policy': ({ restart }, context) =>
    restart === 'unless-stopped' || restart === 'always' || (restart === 'no' && isAwaited(context))
      ? undefined
      : `restart is ${restart ?? 'not set'}`,

  'log-limit': ({ logging }) =>
    logging?.options['max-size'] && logging.options['max-file']
      ? undefined
      : 'its logs can fill the disk: logging.options max-size and max-file',
};

/**
 * One line for each rule that a service breaks without a reason beside it, and for each reason that is not needed.
 * Empty where all is well.
 */
export function hardeningViolations(file: ComposeFile): readonly string[] {
  return Object.entries(file.services).flatMap(([name, service]) => {
    const exceptions = service['x-exceptions'];
    const unknown = Object.keys(exceptions).filter((rule) => !(rule in HARDENING_RULES));
    return [
      ...unknown.map((rule) => `${name}: x-exceptions: there is no rule ${rule}`),
      ...Object.entries(HARDENING_RULES).flatMap(([rule, check]) => {
        const problem = check(service, { name, file });
        if (problem && !exceptions[rule]) return [`${name}: ${rule}: ${problem}`];
        if (!problem && exceptions[rule]) return [`${name}: ${rule}: keeps the rule, so needs no exception`];
        return [];
      }),
    ];
  });
}
