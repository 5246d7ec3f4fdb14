import { endpoint } from './endpoints.ts';
import { plainTable } from './plain-table.ts';
import type { PortName, Settings } from './settings.ts';

/** What to open and what to try next, printed when everything is ready. */
export function welcome(
  settings: Settings,
  options: { grafana: boolean; passwordFile: string; traffic: boolean },
): string {
  const table = plainTable(['open', 'what']);
  const at = (name: PortName, path = '') => `${endpoint(settings, name)}${path}`;
  if (options.grafana)
    table.push([
      at('grafana', '/d/slo-overview'),
      `Grafana; user admin, password in ${options.passwordFile}`,
    ]);
  table.push(
    [at('storefront', '/api/products'), 'the demo application'],
    [at('incidentResponder'), 'alerts as they arrive'],
    [at('alertmanager'), 'Alertmanager'],
    [at('prometheus', '/api/v1/alerts'), 'Prometheus: API (Grafana or promtool query it)'],
    [at('tempo', '/api/search?limit=5'), 'Tempo: API'],
  );
  const next = [
    `  curl ${at('storefront', '/api/products')}`,
    '  npm run status                       what runs, how healthy, how much budget is left',
    '  npm stop                             ends all; data stays',
  ];
  return `${table.toString()}\n\nTry next:\n${next.join('\n')}`;
}
