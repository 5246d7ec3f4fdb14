import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
/** Set by `npm test`. */
const { DOCKER_COMPOSE: compose, CADDY: caddy } = process.env;
const missing = !compose || !caddy;

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { host_ip?: string; published: string; target: number }[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly read_only?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly secrets?: readonly { source: string; target?: string }[];
}
type Services = Readonly<Record<string, Service>>;

function rendered(...files: readonly string[]): Services {
  const output = execFileSync(
    compose ?? '',
    [...files.flatMap((file) => ['-f', file]), '--profile', '*', 'config', '--format', 'json'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, EXPOSE_HOST: 'platform.example.com' } },
  );
  return JSON.parse(output).services;
}

interface Handler {
  readonly handler: string;
  readonly upstreams?: readonly { readonly dial: string }[];
  readonly routes?: readonly Route[];
}
interface Route {
  readonly match?: readonly { readonly path?: readonly string[]; readonly method?: readonly string[] }[];
  readonly handle: readonly Handler[];
}
interface Server {
  readonly listen: readonly string[];
  readonly tls_connection_policies?: readonly unknown[];
  readonly routes: readonly Route[];
}

/** What Caddy makes of the Caddyfile. */
function caddyServers(): readonly Server[] {
  const folder = mkdtempSync(join(tmpdir(), 'caddyfile-'));
  try {
    writeFileSync(join(folder, 'expose-users'), 'operator $2a$12$abcdefghijklmnopqrstuv\n');
    const text = readFileSync(join(root, 'stack', 'exposure', 'Caddyfile'), 'utf8');
    writeFileSync(join(folder, 'Caddyfile'), text.replaceAll('/run/expose', folder));
    const output = execFileSync(caddy ?? '', ['adapt', '--adapter', 'caddyfile', '--config', 'Caddyfile'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, EXPOSE_HOST: 'platform.example.com' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Object.values(JSON.parse(output).apps.http.servers);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Way {
  readonly dial: string;
  /** Whether a request was asked for its password before it got there. */
  readonly isAuthenticated: boolean;
  readonly match: Route['match'];
}

/** Every way through a server to a service. */
function waysThrough(routes: readonly Route[], before = false): readonly Way[] {
  let isAuthenticated = before;
  return routes.flatMap(({ match, handle }) => {
    // A login that only some requests meet is none for the routes that follow.
    let here = isAuthenticated;
    const ways = handle.flatMap((handler) => {
      if (handler.handler === 'authentication') here = true;
      const inner = waysThrough(handler.routes ?? [], here).map((way) => ({
        ...way,
        match: way.match ?? match,
      }));
      const own = (handler.upstreams ?? []).map(({ dial }) => ({ dial, isAuthenticated: here, match }));
      return [...inner, ...own];
    });
    if (match === undefined) isAuthenticated = here;
    return ways;
  });
}

/** What passes with the operator's bearer token, which the responder itself asks for. */
const OPERATOR_PATHS = ['/actions/*', '/incidents/*', '/api/actions/*', '/api/incidents/*'];

/** Ports of docker-compose.yml that the door leaves shut: for the platform's own eyes. */
const KEPT_INSIDE = ['3180', '8887', '8888', '8889', '13133'];

describe.skipIf(missing)(
  `docker-compose.yml with docker-compose.expose.yml${missing ? ' (skipped: DOCKER_COMPOSE or CADDY is not set)' : ''}`,
  () => {
    const base = missing ? {} : rendered('docker-compose.yml');
    const merged = missing ? {} : rendered('docker-compose.yml', 'docker-compose.expose.yml');
    const servers = missing ? [] : caddyServers();
    const portOf = (server: Server) => Number(server.listen[0]?.split(':').at(-1));
    const published = (services: Services) =>
      Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, ...port })));

    test('publishes ports of the door alone, and every one of them is a door of the Caddyfile', () => {
      expect(new Set(published(merged).map(({ name }) => name))).toEqual(new Set(['door']));
      const targets = published(merged).map(({ target }) => target);
      expect(targets.toSorted((a, b) => a - b)).toEqual(servers.map(portOf).toSorted((a, b) => a - b));
    });

    test('has a door for every port that docker-compose.yml publishes, or a reason for none', () => {
      const doors = published(merged).map((port) => port.published);
      const before = published(base).map((port) => port.published);
      expect(before.filter((port) => !KEPT_INSIDE.includes(port)).toSorted()).toEqual(doors.toSorted());
    });

    test('asks at every door for TLS and then for a password, before anything is handed on', () => {
      expect(servers.length).toBeGreaterThan(0);
      for (const server of servers) {
        expect(server.tls_connection_policies?.length, `${server.listen}`).toBeGreaterThan(0);
        const ways = waysThrough(server.routes);
        expect(ways.length, `${server.listen}`).toBeGreaterThan(0);
        for (const { dial, isAuthenticated, match } of ways) {
          const isForOperators = dial === 'incident-responder:8091' && match?.[0]?.path !== undefined;
          if (!isForOperators) expect(isAuthenticated, `${server.listen} to ${dial}`).toBe(true);
          else expect(match).toMatchObject([{ path: OPERATOR_PATHS, method: ['POST'] }]);
        }
      }
    });

    test('leads every door to a service that the door shares a network with', () => {
      const networks = (name: string) => Object.keys(merged[name]?.networks ?? {});
      for (const { dial } of servers.flatMap(({ routes }) => waysThrough(routes))) {
        const service = dial.split(':')[0] ?? '';
        expect(Object.keys(merged), dial).toContain(service);
        expect(
          networks('door').some((network) => networks(service).includes(network)),
          `${service} is in ${networks(service)}, the door in ${networks('door')}`,
        ).toBe(true);
      }
    });

    test('gives Prometheus and Alertmanager their web configuration, and leaves the rest of their command as it was', () => {
      for (const name of ['prometheus', 'alertmanager']) {
        const command = merged[name]?.command ?? [];
        expect(command, name).toContain('--web.config.file=/run/expose/web-configuration');
        for (const argument of base[name]?.command ?? []) {
          if (!/^--web\.(external-url|config\.file)=/.test(argument))
            expect(command, name).toContain(argument);
        }
      }
    });

    test('sends nobody to Prometheus or Alertmanager without TLS', () => {
      for (const [name, { environment = {}, healthcheck }] of Object.entries(merged)) {
        const text = JSON.stringify([environment, healthcheck]);
        expect(text, name).not.toMatch(/http:\/\/(prometheus|alertmanager):/);
      }
    });

    test('keeps passwords and keys out of environments: only files hold them', () => {
      for (const [name, { environment = {} }] of Object.entries(merged)) {
        for (const [variable, value] of Object.entries(environment)) {
          if (/PASSWORD|_KEY$/.test(variable) && value)
            expect(value, `${name}: ${variable}`).toMatch(
              /^(\$\$__file\{)?\/run\/(expose|secrets|database)\//,
            );
        }
      }
    });

    test('hardens the door as the others', () => {
      const { door } = merged;
      expect(door?.image).toMatch(/^caddy:\d+\.\d+\.\d+$/);
      expect(door?.read_only).toBe(true);
      expect(door?.cap_drop).toEqual(['ALL']);
      expect(door?.security_opt).toContain('no-new-privileges:true');
      expect(door?.user).toMatch(/^[1-9]/);
    });
  },
);
