import { readComposeFile } from '../compose/compose-file.ts';
import { composePorts } from '../compose/environment.ts';
import type { ProcessSpec } from '../native/supervisor/process-spec.ts';
import type { Settings } from '../settings.ts';
import { chartData } from './chart/components.ts';
import type { Installation } from './installation.ts';

const STOP_TIMEOUT_MS = 5_000;
/** Alertmanager asks for its password even there: 401 says that it listens. */
const READY_BEHIND_A_PASSWORD = { path: '/-/ready', status: 401 };

/**
 * A `kubectl port-forward` for each component that Compose publishes, at the same ports of 127.0.0.1. It ends with the pod
 * that it leads to, and is started again.
 *
 * @param options.environment of kubectl, which looks for its configuration there
 * @param options.parts that are off
 */
export function forwards(options: {
  readonly settings: Settings;
  readonly installation: Installation;
  readonly off: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}): readonly ProcessSpec[] {
  const { settings, installation, off, environment } = options;
  const { services } = readComposeFile(settings.root, 'docker-compose.yml', composePorts(settings));
  return Object.entries(chartData(settings.root).components).flatMap(([name, { parts, probe }]) => {
    const ports = (services[name]?.ports ?? []).map((text) => {
      const [inside, host] = text.split(':').reverse().map(Number);
      return { inside, host };
    });
    const [first] = ports;
    if (!first || parts.some((part) => off.includes(part))) return [];
    const http = probe && 'http' in probe ? probe.http : undefined;
    const host = ports.find(({ inside }) => inside === http?.port)?.host ?? first.host;
    return [
      {
        name,
        command: 'kubectl',
        args: [
          '--context',
          installation.context,
          '--namespace',
          installation.namespace,
          'port-forward',
          '--address',
          '127.0.0.1',
          `service/${name}`,
          ...ports.map((each) => `${each.host}:${each.inside}`),
        ],
        environment,
        workingDirectory: settings.root,
        readyUrl: `http://127.0.0.1:${host}${http?.path ?? READY_BEHIND_A_PASSWORD.path}`,
        ...(!http && { readyStatus: READY_BEHIND_A_PASSWORD.status }),
        stopTimeoutMs: STOP_TIMEOUT_MS,
        autostart: true,
      },
    ];
  });
}
