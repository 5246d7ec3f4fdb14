import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { writeSecretsFolder } from '../secrets-folder.ts';
import { ChildProcesses } from './child-processes.ts';

const root = join(import.meta.dirname, '..', '..', '..');
/** Loopback, as the certificates' own name for the components. */
const HOST = '127.0.0.1';

export interface ExposedPlatform {
  readonly secret: (name: string) => string;
  readonly secretsFolder: string;
  /** By the port that the door has in its container. */
  readonly doors: ReadonlyMap<number, number>;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
  readonly detectorPort: number;
  /** Headers of each request that went through the door to a service without a door of its own. */
  readonly passed: IncomingHttpHeaders[];
  readonly log: () => string;
  stop(): Promise<void>;
}

/**
 * The real Caddy, Prometheus, Alertmanager and anomaly detector with the files of docker-compose.expose.yml on free
 * loopback ports; every other service is one stand-in that answers 200, gRPC too.
 */
export async function startExposedPlatform(binaries: {
  readonly caddy: string;
  readonly prometheus: string;
  readonly alertmanager: string;
}): Promise<ExposedPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'exposed-'));
  const secretsFolder = join(folder, 'secrets');
  await writeSecretsFolder({ folder: secretsFolder, host: HOST, now: new Date(), bcryptCost: 4 });
  const inFolder = (text: string) => text.replaceAll('/run/expose', secretsFolder);
  const configured = (name: string, text: string) => {
    writeFileSync(join(folder, name), inFolder(text));
    return join(folder, name);
  };
  writeFileSync(
    join(secretsFolder, 'web-configuration'),
    inFolder(readFileSync(join(secretsFolder, 'web-configuration'), 'utf8')),
  );

  const passed: IncomingHttpHeaders[] = [];
  const standIn = createServer((request, response) => {
    passed.push(request.headers);
    response.end('fine');
  }).listen(0, HOST);
  await once(standIn, 'listening');
  const grpcStandIn = createHttp2Server().on('stream', (stream, headers) => {
    passed.push(headers);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // An answer without fields.
    stream.end(Buffer.alloc(5));
  });
  await once(grpcStandIn.listen(0, HOST), 'listening');
  const [prometheusPort, alertmanagerPort, detectorPort] = [
    await getPort({ host: '127.0.0.1' }),
    await getPort({ host: '127.0.0.1' }),
    await getPort({ host: '127.0.0.1' }),
  ];
  const upstreams: Record<string, number> = {
    'prometheus:9090': prometheusPort,
    'alertmanager:9093': alertmanagerPort,
    'otel-collector:4317': (grpcStandIn.address() as AddressInfo).port,
  };
  const processes = new ChildProcesses();

  // The Caddyfile as Caddy reads it, on other ports.
  const adapted = execFileSync(
    binaries.caddy,
    [
      ...['adapt', '--adapter', 'caddyfile', '--config'],
      configured('Caddyfile', readFileSync(join(root, 'stack', 'exposure', 'Caddyfile'), 'utf8')),
    ],
    { encoding: 'utf8', env: { ...process.env, EXPOSE_HOST: HOST }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const doors = new Map<number, number>();
  for (const [, port] of adapted.matchAll(/"listen":\["[^"]*:(\d+)"\]/g))
    doors.set(Number(port), await getPort({ host: '127.0.0.1' }));
  const moved = adapted
    .replace(/"listen":\["[^"]*:(\d+)"\]/g, (_, port) => `"listen":["${HOST}:${doors.get(Number(port))}"]`)
    .replace(
      /"dial":"([^"]+)"/g,
      (_, dial) => `"dial":"${HOST}:${upstreams[dial] ?? (standIn.address() as AddressInfo).port}"`,
    );
  processes.start(binaries.caddy, ['run', '--config', configured('caddy.json', moved)], {
    env: { PATH: process.env.PATH, HOME: folder },
  });

  mkdirSync(join(folder, 'targets'));
  symlinkSync(join(root, 'prometheus', 'rules'), join(folder, 'rules'));
  const targets = (name: string, target: string) =>
    writeFileSync(join(folder, 'targets', `${name}.json`), JSON.stringify([{ targets: [target] }]));
  targets('prometheus', `localhost:${prometheusPort}`);
  targets('alertmanager', `localhost:${alertmanagerPort}`);
  const prometheusConfiguration = readFileSync(
    join(root, 'prometheus', 'prometheus.exposed.generated.yml'),
    'utf8',
  ).replace(/(scrape|evaluation)_interval: 15s/g, '$1_interval: 1s');
  processes.start(binaries.prometheus, [
    `--config.file=${configured('prometheus.yml', prometheusConfiguration.replace('scrape_timeout: 5s', 'scrape_timeout: 1s'))}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=${HOST}:${prometheusPort}`,
    `--web.config.file=${join(secretsFolder, 'web-configuration')}`,
  ]);
  processes.start(binaries.alertmanager, [
    `--config.file=${configured('alertmanager.yml', 'route: { receiver: none }\nreceivers: [{ name: none }]\n')}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=${HOST}:${alertmanagerPort}`,
    `--web.config.file=${join(secretsFolder, 'web-configuration')}`,
    '--cluster.listen-address=',
  ]);
  processes.start(process.execPath, [join(root, 'anomaly-detector', 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      PORT: String(detectorPort),
      STATE_DIR: join(folder, 'detector'),
      PROMETHEUS_URL: `https://localhost:${prometheusPort}`,
      ALERTMANAGER_URLS: `https://localhost:${alertmanagerPort}`,
      BACKEND_USER: 'platform',
      BACKEND_PASSWORD_FILE: join(secretsFolder, 'platform-password'),
      NODE_EXTRA_CA_CERTS: join(secretsFolder, 'platform-ca'),
    },
  });

  return {
    secret: (name) => readFileSync(join(secretsFolder, name), 'utf8').trim(),
    secretsFolder,
    doors,
    prometheusPort,
    alertmanagerPort,
    detectorPort,
    passed,
    log: () => processes.log,
    async stop() {
      await processes.stop();
      standIn.close();
      grpcStandIn.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
