import { PORT_VARIABLES, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import type { Settings } from '../settings.ts';

/** The environment by which docker-compose.yml uses the ports of the settings, which AIOPS_PORT_OFFSET may have moved. */
export function composePorts({ ports }: Pick<Settings, 'ports'>): Record<string, string> {
  return Object.fromEntries(
    (Object.entries(PORT_VARIABLES) as [PortName, string][]).map(([name, variable]) => [
      variable,
      String(ports[name]),
    ]),
  );
}
