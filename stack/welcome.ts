import { endpoint, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import { plainTable } from './plain-table.ts';
import type { Settings } from './settings.ts';

/**
 * What to open and what to try next, printed when everything is ready.
 *
 * @param options.grafanaPassword where the password of `admin` is; undefined where there is no Grafana
 * @param options.operatorToken where the token is that the console asks for before somebody decides
 * @param options.adminToken shell words that give the admin token of the demo application
 */
export function welcome(
  settings: Settings,
  options: {
    readonly grafanaPassword: string | undefined;
    readonly alertmanagerPassword: string;
    readonly adminToken: string;
    readonly operatorToken: string;
    readonly demo: boolean;
  },
): string {
  const table = plainTable(['open', 'what']);
  const at = (name: PortName, path = '') => `${endpoint(settings, name)}${path}`;
  if (options.grafanaPassword)
    table.push([
      at('grafana', '/d/slo-overview'),
      `Grafana; user admin, password ${options.grafanaPassword}`,
    ]);
  table.push(
    ...(options.demo ? [[at('storefront', '/api/products'), 'the demo application']] : []),
    [at('incidentResponder'), `incidents and what to approve; operator token ${options.operatorToken}`],
    [at('alertmanager'), `Alertmanager; user platform, password ${options.alertmanagerPassword}`],
    [at('prometheus', '/api/v1/alerts'), 'Prometheus'],
    [at('tempo', '/api/search?limit=5'), 'Tempo'],
    [at('loki', '/loki/api/v1/labels'), 'Loki'],
  );
  return [
    table.toString(),
    '',
    'Try next:',
    '  npm run status     what runs, budgets, incidents, alerts; --watch goes on',
    '  npm stop           ends all; data stays',
    ...(options.demo
      ? faultsToTry(at('storefront', '/admin/faults'), options.adminToken)
      : ['  npm run connect -- --service NAME     brings a service of yours in']),
  ].join('\n');
}

const faultsToTry = (url: string, adminToken: string) => [
  'and see the page arrive about a minute after every request fails:',
  `  curl -X PUT ${url} -H "Authorization: Bearer ${adminToken}" \\`,
  `    -H 'content-type: application/json' -d '{"errorRatio": 1, "durationSeconds": 120}'`,
];
