import type { PortName, Settings } from './settings.ts';

/** The base URL people and the stack itself reach a component at, in either engine. */
export function endpoint(settings: Settings, name: PortName): string {
  return `http://127.0.0.1:${settings.ports[name]}`;
}
