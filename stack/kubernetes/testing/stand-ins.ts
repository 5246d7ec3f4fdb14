import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { TRACE_RESPONSE_HEADER } from '@aiops-sre/conventions/probe.ts';

const TRACE = 'ab'.repeat(16);

/** What the ports of a port-forward answer, as JavaScript: the storefront, a Tempo and a Prometheus that have seen its request. */
const ANSWERS = `
  const json = (body, status = 200) => { response.writeHead(status, headers); response.end(JSON.stringify(body)); };
  const headers = { '${TRACE_RESPONSE_HEADER}': '00-${TRACE}-${'cd'.repeat(8)}-01' };
  const { pathname } = new URL(request.url, 'http://any');
  if (pathname === '/api/documents') return json({}, 201);
  if (pathname === '/metrics') return response.end('${METRICS.httpRequests}{route="/api/documents",status_class="2xx"} 1\\n');
  if (pathname.startsWith('/api/traces/${TRACE}'))
    return json({ batches: ['storefront', 'identity', 'fulfillment'].map((name) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] } })) });
  if (pathname === '/api/v1/query')
    return json({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '1'] }] } });
  response.writeHead(pathname === '/-/ready' && name === 'alertmanager' ? 401 : 200).end();
`;

const script = (folder: string, tool: string, body: string) => `#!${process.execPath}
const { appendFileSync, existsSync } = require('node:fs');
const { join } = require('node:path');
const args = process.argv.slice(2);
const line = args.join(' ');
const is = (state) => existsSync(join(${JSON.stringify(folder)}, state));
const fail = (text) => { console.error(text); process.exit(1); };
appendFileSync(join(${JSON.stringify(folder)}, 'asked.log'), ${JSON.stringify(tool)} + ' ' + line + '\\n');
${body}
`;

const HELM = `
console.error('walk.go:75: found symbolic link in path: /x resolves to /y. Contents of linked file included and used');
if (args[0] === 'upgrade' && is('helm-fails')) fail('Error: context deadline exceeded');
`;

const KUBECTL = `
const workloads = ['storefront', 'prometheus'].map((name) => ({ metadata: { name }, spec: { replicas: 1 },
  status: is('unready') && name === 'prometheus' ? {} : { readyReplicas: 1 } }));
const annotations = is('no-storage') ? {} : { 'storageclass.kubernetes.io/is-default-class': 'true' };
if (line.startsWith('config get-contexts')) console.log(is('no-contexts') ? '' : 'kind-one\\nkind-two');
else if (line === 'config current-context') is('no-current') ? fail('error: current-context is not set') : console.log('kind-one');
else if (args.includes('version')) is('down') && fail('Unable to connect to the server: dial tcp: connection refused');
else if (args.includes('storageclasses')) console.log(JSON.stringify({ items: [{ metadata: { annotations } }] }));
else if (args.includes('pods')) console.log('loki-0   0/1   Pending   0   10m');
else if (args.includes('get')) console.log(JSON.stringify({ items: workloads }));
else if (args.includes('port-forward')) {
  const name = args.find((arg) => arg.startsWith('service/')).slice('service/'.length);
  const ports = args.filter((arg) => /^\\d+:\\d+$/.test(arg)).map((arg) => Number(arg.split(':')[0]));
  for (const port of ports)
    require('node:http').createServer((request, response) => { ${ANSWERS} }).listen(port, '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
}
`;

export interface StandIns {
  /** To be the PATH. */
  readonly folder: string;
  /** What was asked of both, in its order. */
  asked(): readonly string[];
  /** Something is the matter from now on, or no longer. */
  set(
    state: 'down' | 'helm-fails' | 'no-contexts' | 'no-current' | 'no-storage' | 'unready',
    on?: boolean,
  ): void;
  remove(tool: 'helm' | 'kubectl'): void;
}

/** Executables in place of helm and kubectl, of a cluster in which everything is well, until told otherwise. */
export function standIns(folder: string): StandIns {
  const file = (name: string) => join(folder, name);
  writeFileSync(file('helm'), script(folder, 'helm', HELM), { mode: 0o755 });
  writeFileSync(file('kubectl'), script(folder, 'kubectl', KUBECTL), { mode: 0o755 });
  return {
    folder,
    asked: () =>
      existsSync(file('asked.log')) ? readFileSync(file('asked.log'), 'utf8').trim().split('\n') : [],
    set: (state, on = true) => (on ? writeFileSync(file(state), '') : rmSync(file(state))),
    remove: (tool) => rmSync(file(tool)),
  };
}
