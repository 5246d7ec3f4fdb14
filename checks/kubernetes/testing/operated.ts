import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ofKind, renderIn } from '../rendered.ts';
import { type Administrator, type ApiServer, openAdministrator } from './administrator.ts';

/** What the chart gives the responder at the API server: account, rights, Lease, flags and how it is reached. */
const OPERATOR = /^(Role|ClusterRole|ServiceAccount|Lease)/;
const CONFIGURATION = ['config-flags', 'config-operator'];

export const accountOf = (namespace: string, name = 'incident-responder') =>
  `system:serviceaccount:${namespace}:${name}`;

/** Makes a namespace that takes only pods of the standard "restricted", and says what others would be warned of. */
export async function createNamespace(administrator: Administrator, name: string): Promise<void> {
  const labels = Object.fromEntries(
    ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
  );
  await administrator.create('/api/v1/namespaces', { metadata: { name, labels } });
  await createDefaultAccount(administrator, name);
}

/** Of which a controller would take care. */
export async function createDefaultAccount(administrator: Administrator, namespace: string): Promise<void> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  if ((await administrator.find(`${accounts}/default`)) === undefined)
    await administrator.create(accounts, { metadata: { name: 'default' } });
}

/**
 * The chart with its operator in a namespace, as far as the API server has to know of it; it operates `namespaces`. All of them are
 * there already.
 *
 * @returns the responder's own configuration of kubectl, in `folder`, with a token of its account
 */
export async function installOperator(options: {
  readonly apiServer: ApiServer;
  readonly namespace: string;
  readonly namespaces: readonly string[];
  readonly folder: string;
}): Promise<string> {
  const { apiServer, namespace, namespaces, folder } = options;
  const administrator = openAdministrator(apiServer);
  const objects = renderIn(namespace, 'operated', `operator.namespaces={${namespaces}}`);
  for (const object of objects)
    if (OPERATOR.test(object.kind) || CONFIGURATION.includes(object.metadata.name))
      await administrator.apply(object, namespace);
  const { status } = await administrator.create(
    `/api/v1/namespaces/${namespace}/serviceaccounts/incident-responder/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3607 } },
  );
  writeFileSync(join(folder, 'token'), status.token, { mode: 0o600 });
  const map = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name === 'config-operator');
  const { data } = z.object({ data: z.object({ config: z.string() }) }).parse(map);
  // Only the places differ from a pod's.
  const places = {
    'https://kubernetes.default.svc': apiServer.url,
    '/run/kubernetes/ca.crt': apiServer.authorityFile,
    '/run/kubernetes/token': join(folder, 'token'),
  };
  const file = join(folder, 'kubeconfig');
  writeFileSync(
    file,
    Object.entries(places).reduce((text, [there, here]) => text.replace(there, here), data.config),
  );
  return file;
}
