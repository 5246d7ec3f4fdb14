import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import { z } from 'zod';
import type { KubernetesObject } from '../rendered.ts';

/** How the API server of the tests is reached, with every right. */
export interface ApiServer {
  readonly url: string;
  /** Of its certificate. */
  readonly authorityFile: string;
  readonly token: string;
  readonly auditFile: string;
}

/** An object, of which tests know the fields. */
// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, changed by paths.
export type Fields = Record<string, any>;

const TIMEOUT_MS = 30_000;
/** As often as kubectl asks again where the server says when: after its start some of it is not there yet. */
const PATIENCE = 10;

const resourcesSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
const auditSchema = z.object({
  verb: z.string(),
  requestURI: z.string(),
  user: z.object({ username: z.string() }),
  responseStatus: z.object({ code: z.number() }),
});
/** Leaves out what is not to be sent. */
const MERGE = 'application/merge-patch+json';

export type Administrator = ReturnType<typeof openAdministrator>;

/** Kubernetes' API with every right. Methods reject with what the server said. */
export function openAdministrator({ url, authorityFile, token, auditFile }: ApiServer) {
  const http = axios.create({
    baseURL: url,
    proxy: false,
    timeout: TIMEOUT_MS,
    headers: { authorization: `Bearer ${token}` },
    validateStatus: () => true,
    ...(existsSync(authorityFile) && {
      httpsAgent: new Agent({ ca: readFileSync(authorityFile), keepAlive: true }),
    }),
  });
  const resources = new Map<string, Promise<z.infer<typeof resourcesSchema>['resources']>>();

  async function ask(
    method: string,
    path: string,
    { body, type = 'application/json' }: { body?: unknown; type?: string } = {},
  ): Promise<{ readonly answer: Fields; readonly warnings: readonly string[] }> {
    const request = {
      method,
      url: path,
      ...(body === undefined ? {} : { data: JSON.stringify(body), headers: { 'content-type': type } }),
    };
    let response = await http.request(request);
    for (let asked = 0; asked < PATIENCE && response.headers['retry-after'] !== undefined; asked += 1) {
      await delay(Number(response.headers['retry-after']) * 1000);
      response = await http.request(request);
    }
    const { status, data, headers } = response;
    if (status >= 300)
      throw new Error(`${method} ${path}: ${status}: ${data?.message ?? JSON.stringify(data)}`);
    // 299 - "would violate ...", one behind the other.
    const warnings = [...String(headers.warning ?? '').matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)];
    return { answer: data, warnings: warnings.map(([, text = '']) => text) };
  }
  const named = (path: string, query: Readonly<Record<string, string>>) =>
    `${path}?${new URLSearchParams(query)}`;

  /** Of an object's kind: `/apis/apps/v1/namespaces/shop/deployments`. */
  async function collectionOf(
    { apiVersion, kind, metadata }: KubernetesObject,
    namespace: string,
  ): Promise<string> {
    const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const known =
      resources.get(group) ?? ask('GET', group).then(({ answer }) => resourcesSchema.parse(answer).resources);
    resources.set(group, known);
    const resource = (await known).find((each) => each.kind === kind && !each.name.includes('/'));
    if (resource === undefined) throw new Error(`${apiVersion} ${kind}: the API server does not know it`);
    return resource.namespaced
      ? `${group}/namespaces/${metadata.namespace ?? namespace}/${resource.name}`
      : `${group}/${resource.name}`;
  }

  return {
    async isReady(): Promise<boolean> {
      if (!existsSync(authorityFile)) return false;
      return http.get('/readyz').then(
        ({ status }) => status === 200,
        () => false,
      );
    },
    get: async (path: string) => (await ask('GET', path)).answer,
    /** Those of a collection. */
    list: async (path: string) => (await ask('GET', path)).answer.items as Fields[],
    /** undefined where it is not there. */
    find: async (path: string) =>
      (await http.get(path)).status === 404 ? undefined : (await ask('GET', path)).answer,
    create: async (collection: string, object: unknown, manager = 'kubectl') =>
      (
        await ask('POST', named(collection, { fieldManager: manager, fieldValidation: 'Strict' }), {
          body: object,
        })
      ).answer,
    /** Reads one, changes it, and writes it, as whoever it is. */
    async change(path: string, change: (object: Fields) => void, manager = 'kubectl') {
      const { answer: object } = await ask('GET', path);
      change(object);
      return (await ask('PUT', named(path, { fieldManager: manager }), { body: object })).answer;
    },
    /** As a controller or a kubelet does it. */
    setStatus: async (path: string, status: Fields, manager = 'kube-controller-manager') =>
      (
        await ask('PATCH', named(`${path}/status`, { fieldManager: manager }), {
          body: { status },
          type: MERGE,
        })
      ).answer,
    /** At once; it may be gone already, and be a collection. */
    async remove(path: string): Promise<void> {
      const { status, data } = await http.delete(path, {
        data: { gracePeriodSeconds: 0, propagationPolicy: 'Background' },
      });
      if (status >= 300 && status !== 404) throw new Error(`DELETE ${path}: ${status}: ${data?.message}`);
    },
    /**
     * `kubectl apply --server-side --validate=strict`.
     *
     * @param namespace of what names none.
     * @returns the object as it is then, and what the server warned of.
     */
    async apply(object: KubernetesObject, namespace: string) {
      const path = `${await collectionOf(object, namespace)}/${object.metadata.name}`;
      return ask('PATCH', named(path, { fieldManager: 'kubectl', fieldValidation: 'Strict' }), {
        body: object,
        type: 'application/apply-patch+yaml',
      });
    },
    /** Whether it would be taken, admission included. */
    dryRun: async (collection: string, object: unknown) =>
      ask('POST', named(collection, { dryRun: 'All', fieldValidation: 'Strict' }), { body: object }),
    /** Requests of somebody that were answered so far. */
    async asked(username: string) {
      return readFileSync(auditFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes(`"${username}"`))
        .map((line) => auditSchema.parse(JSON.parse(line)))
        .filter(({ user }) => user.username === username)
        .map(({ verb, requestURI, responseStatus }) => ({
          verb,
          path: requestURI,
          status: responseStatus.code,
        }));
    },
  };
}
