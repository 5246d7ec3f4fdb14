import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An object as tests write it. */
// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, changed by paths.
type Fields = Record<string, any>;

const KINDS: Readonly<Record<string, string>> = {
  pods: 'Pod',
  nodes: 'Node',
  configmaps: 'ConfigMap',
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  replicasets: 'ReplicaSet',
  controllerrevisions: 'ControllerRevision',
  leases: 'Lease',
};

/**
 * The part of Kubernetes' API that the operator uses, with its rules: versions of objects and their conflicts, generations, JSON
 * Patch, watches that go on from a version, bookmarks, and a history that is cut off (410).
 */
export async function startFakeCluster(kubeconfig: string) {
  const objects = new Map<string, Fields>();
  const asked: string[] = [];
  let version = 1000;
  let forgottenUpTo = 0;
  let isDown = false;
  const history: { readonly version: number; readonly collection: string; readonly line: string }[] = [];
  const watches = new Set<{ readonly collection: string; readonly response: ServerResponse }>();

  const collectionOf = (path: string) => path.slice(0, path.lastIndexOf('/'));
  function tell(type: string, path: string, object: Fields): void {
    const collection = collectionOf(path);
    const line = `${JSON.stringify({ type, object })}\n`;
    history.push({ version, collection, line });
    for (const watch of watches) if (watch.collection === collection) watch.response.write(line);
  }
  /** @param manager who changes it, as Kubernetes keeps account of it */
  function store(path: string, object: Fields, manager: string, secondsAgo = 0): Fields {
    const before = objects.get(path);
    const specChanged = JSON.stringify(before?.spec) !== JSON.stringify(object.spec);
    const [kind = '', name = ''] = path.split('/').slice(-2);
    version += 1;
    const generation = (before?.metadata.generation ?? 0) + (specChanged ? 1 : 0);
    const time = new Date(Date.now() - secondsAgo * 1000).toISOString();
    const change = { manager, time, fieldsV1: specChanged ? { 'f:spec': {} } : {} };
    const stored = {
      ...object,
      kind: KINDS[kind],
      metadata: {
        uid: `uid-${name}`,
        creationTimestamp: new Date().toISOString(),
        ...object.metadata,
        name,
        ...(/namespaces\/([^/]+)/.exec(path)?.[1] && { namespace: /namespaces\/([^/]+)/.exec(path)?.[1] }),
        generation,
        resourceVersion: String(version),
        managedFields: [...(before?.metadata.managedFields ?? []), change],
      },
    };
    objects.set(path, stored);
    tell(before === undefined ? 'ADDED' : 'MODIFIED', path, stored);
    return stored;
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://cluster');
    const { pathname: path, searchParams: query } = url;
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const refuse = (code: number, message: string) => answer(code, { kind: 'Status', code, message });
    if (isDown) return void request.socket.destroy();
    asked.push(`${request.method} ${path}${query.has('watch') ? ' watch' : ''}`);
    const isCollection = (path.split('/').at(-1) ?? '') in KINDS;
    const object = objects.get(path);
    if (request.method === 'GET' && query.has('watch')) {
      const since = Number(query.get('resourceVersion'));
      response.writeHead(200, { 'content-type': 'application/json' });
      if (since < forgottenUpTo)
        return void response.end(
          `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old resource version' } })}\n`,
        );
      for (const each of history)
        if (each.collection === path && each.version > since) response.write(each.line);
      response.flushHeaders();
      const watch = { collection: path, response };
      watches.add(watch);
      response.on('close', () => watches.delete(watch));
      return;
    }
    if (request.method === 'GET' && isCollection) {
      const wanted = (query.get('labelSelector') ?? '').split(',').filter(Boolean);
      const node = /^spec\.nodeName=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
      const items = [...objects]
        .filter(([each]) => collectionOf(each) === path)
        .map(([, each]) => each)
        .filter(
          ({ metadata, spec }) =>
            wanted.every((pair) => `${metadata.labels?.[pair.split('=')[0]!]}` === pair.split('=')[1]) &&
            (node === undefined || spec?.nodeName === node),
        );
      // Kubernetes leaves the kind of each out.
      return void answer(200, {
        metadata: { resourceVersion: String(version) },
        items: items.map(({ kind: _kind, ...each }) => each),
      });
    }
    if (object === undefined) return void refuse(404, `${path} not found`);
    if (request.method === 'GET') return void answer(200, object);
    const body = JSON.parse(await text(request));
    const manager = query.get('fieldManager') ?? 'unknown';
    const conflict = () =>
      refuse(409, 'the object has been modified; please apply your changes to the latest version');
    if (request.method === 'DELETE') {
      if (body.preconditions.uid !== object.metadata.uid) return void conflict();
      remove(path);
      return void answer(200, { kind: 'Status', status: 'Success' });
    }
    let changed: Fields;
    if (request.method === 'PUT') changed = body;
    else
      try {
        changed = patched(object, body);
      } catch {
        return void refuse(422, 'the server rejected our request due to an error in our request');
      }
    if (changed.metadata.resourceVersion !== object.metadata.resourceVersion) return void conflict();
    answer(200, store(path, changed, manager));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'fake',
          cluster: {
            server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
            // Else plain HTTP is refused.
            'insecure-skip-tls-verify': true,
          },
        },
      ],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'nobody' } }],
      'current-context': 'fake',
    }),
  );

  function remove(path: string): void {
    const object = objects.get(path);
    if (object === undefined) return;
    objects.delete(path);
    version += 1;
    tell('DELETED', path, { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
  }
  const cut = () => {
    for (const { response } of watches) response.destroy();
  };
  return {
    /** Methods and paths so far. */
    asked,
    /** Creates or replaces an object, as `kubectl` would. */
    put: (path: string, object: Fields, secondsAgo = 0) =>
      store(path, { metadata: {}, ...object }, 'kubectl', secondsAgo),
    /** Changes one, as whoever it is. */
    change: (path: string, change: (object: Fields) => void, manager = 'kubectl', secondsAgo = 0) => {
      const object = structuredClone(objects.get(path)!);
      change(object);
      return store(path, object, manager, secondsAgo);
    },
    get: (path: string) => objects.get(path),
    remove,
    /** How many watch a collection. */
    watching: (collection: string) => [...watches].filter((each) => each.collection === collection).length,
    /** Tells all watches how far they have come. */
    bookmark() {
      for (const { response } of watches)
        response.write(
          `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(version) } } })}\n`,
        );
    },
    cut,
    /** In good order, as the server does after some minutes. */
    endWatches() {
      for (const { response } of watches) response.end();
    },
    /** What happened up to here, no watch can be told any more. */
    forget() {
      forgottenUpTo = version;
      history.length = 0;
    },
    setDown(value: boolean) {
      isDown = value;
      if (value) server.closeAllConnections();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type FakeCluster = Awaited<ReturnType<typeof startFakeCluster>>;

interface Step {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** JSON Patch, RFC 6902. @throws Error where a test fails or a path is not there */
function patched(object: Fields, steps: readonly Step[]): Fields {
  const result = structuredClone(object);
  for (const { op, path, value } of steps) {
    const names = path
      .slice(1)
      .split('/')
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = names.pop()!;
    let parent: Fields = result;
    for (const name of names) {
      parent = parent[name];
      if (parent === undefined) throw new Error(`${path}: not there`);
    }
    if (op !== 'add' && !(last in parent)) throw new Error(`${path}: not there`);
    if (op === 'test' && JSON.stringify(parent[last]) !== JSON.stringify(value))
      throw new Error(`${path}: test`);
    if (op === 'remove') delete parent[last];
    if (op === 'add' || op === 'replace') parent[last] = value;
  }
  return result;
}
