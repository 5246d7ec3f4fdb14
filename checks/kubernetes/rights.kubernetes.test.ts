import { beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { renderIn } from './rendered.ts';
import { openAdministrator } from './testing/administrator.ts';
import { accountOf, createNamespace } from './testing/operated.ts';

const HOME = 'rights-home';
const apiServer = inject('apiServer');
const administrator = openAdministrator(apiServer);

const verdictSchema = z.object({ status: z.object({ allowed: z.boolean() }) });
const rulesSchema = z.object({
  status: z.object({
    resourceRules: z.array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()),
        resources: z.array(z.string()),
        resourceNames: z.array(z.string()).default([]),
      }),
    ),
  }),
});

beforeAll(async () => {
  for (const namespace of [HOME, 'rights-operated', 'rights-other'])
    await createNamespace(administrator, namespace);
  const objects = renderIn(HOME, 'operated', `operator.namespaces={${HOME},rights-operated}`);
  for (const object of objects)
    if (/Role|ServiceAccount/.test(object.kind)) await administrator.apply(object, HOME);
});

/** What `kubectl auth can-i VERB RESOURCE --as ACCOUNT` answers; RESOURCE as `deployments.apps/scale`, `pods NAME`. */
async function canI(account: string, verb: string, what: string, namespace?: string): Promise<boolean> {
  const [full = '', name] = what.split(' ');
  const [, resource, group = '', subresource] = /^([a-z]+)(?:\.([a-z.0-9]+))?(?:\/(.+))?$/.exec(full) ?? [];
  const [, , home = ''] = account.split(':');
  const verdict = await administrator.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    spec: {
      user: account,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${home}`, 'system:authenticated'],
      resourceAttributes: { verb, resource, group, subresource, name, namespace },
    },
  });
  return verdictSchema.parse(verdict).status.allowed;
}

/** All that an account may in a namespace, but what everybody may. */
async function rightsOf(account: string, namespace: string): Promise<readonly string[]> {
  const everybody = /authorization\.k8s\.io|authentication\.k8s\.io/;
  const [, , home, name] = account.split(':');
  const { status } = await administrator.create(`/api/v1/namespaces/${home}/serviceaccounts/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  const itself = openAdministrator({ ...apiServer, token: status.token });
  const answer = await itself.create('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    spec: { namespace },
  });
  return rulesSchema
    .parse(answer)
    .status.resourceRules.filter(({ apiGroups }) => !everybody.test(apiGroups.join()))
    .flatMap(({ verbs, resources, resourceNames }) =>
      resources.map((resource) => [verbs.join('/'), resource, ...resourceNames].join(' ')),
    )
    .sort();
}

describe('the operator', () => {
  const account = accountOf(HOME);
  const healing = [
    'get/patch deployments',
    'get/patch statefulsets',
    'list controllerrevisions',
    'list replicasets',
    'list/watch/delete pods',
  ];
  const nodes = 'list/watch/patch nodes';

  test.each([
    [HOME, ['get/patch configmaps config-flags', 'get/update leases aiops-operator', ...healing, nodes]],
    ['rights-operated', [...healing, nodes]],
    ['rights-other', [nodes]],
  ])('may in %s what its commands need, and no more', async (namespace, rights) => {
    expect(await rightsOf(account, namespace)).toEqual([...rights].sort());
  });

  test.each([
    ['list', 'pods', 'rights-operated'],
    ['watch', 'pods', HOME],
    ['delete', 'pods web-1', 'rights-operated'],
    ['patch', 'deployments.apps web', 'rights-operated'],
    ['patch', 'statefulsets.apps db', 'rights-operated'],
    ['update', 'leases.coordination.k8s.io aiops-operator', HOME],
    ['patch', 'configmaps config-flags', HOME],
    ['patch', 'nodes one', undefined],
  ])('can %s %s in %s', async (verb, what, namespace) => {
    expect(await canI(account, verb, what, namespace)).toBe(true);
  });

  test.each([
    ['get', 'secrets', HOME],
    ['list', 'secrets', 'rights-operated'],
    ['get', 'secrets application', HOME],
    ['get', 'configmaps config-operator', HOME],
    ['update', 'configmaps config-flags', HOME],
    ['list', 'configmaps', HOME],
    ['update', 'leases.coordination.k8s.io other', HOME],
    ['create', 'leases.coordination.k8s.io', HOME],
    ['list', 'pods', 'rights-other'],
    ['list', 'pods', undefined],
    ['patch', 'deployments.apps web', 'rights-other'],
    ['delete', 'deployments.apps web', 'rights-operated'],
    ['create', 'deployments.apps', 'rights-operated'],
    ['patch', 'daemonsets.apps agent', 'rights-operated'],
    ['delete', 'statefulsets.apps db', 'rights-operated'],
    ['patch', 'deployments.apps/scale web', 'rights-operated'],
    ['delete', 'replicasets.apps web-1', 'rights-operated'],
    ['deletecollection', 'pods', 'rights-operated'],
    ['create', 'pods', 'rights-operated'],
    ['patch', 'pods web-1', 'rights-operated'],
    ['create', 'pods/exec web-1', 'rights-operated'],
    ['create', 'pods/eviction web-1', 'rights-operated'],
    ['create', 'pods/portforward web-1', 'rights-operated'],
    ['create', 'pods/ephemeralcontainers web-1', 'rights-operated'],
    ['get', 'pods/log web-1', 'rights-operated'],
    ['create', 'serviceaccounts/token incident-responder', HOME],
    ['impersonate', 'serviceaccounts', HOME],
    ['create', 'rolebindings.rbac.authorization.k8s.io', HOME],
    ['escalate', 'roles.rbac.authorization.k8s.io', HOME],
    ['delete', 'nodes one', undefined],
    ['get', 'nodes/proxy one', undefined],
    ['patch', 'nodes/status one', undefined],
    ['delete', 'persistentvolumeclaims data', 'rights-operated'],
    ['delete', 'namespaces rights-operated', undefined],
  ])('cannot %s %s in %s', async (verb, what, namespace) => {
    expect(await canI(account, verb, what, namespace)).toBe(false);
  });
});

describe.each(['telemetry-nodes', 'telemetry-cluster'])('the Collector %s', (name) => {
  const account = accountOf(HOME, name);

  test('reads what it tells of, and writes and reads nothing else', async () => {
    const rights = await rightsOf(account, 'rights-other');
    expect(rights).toContain('get/list/watch pods');
    expect(rights.filter((right) => !/^(?:get|list|watch|\/)+ /.test(right))).toEqual([]);
    expect(rights.filter((right) => /secrets|configmaps|serviceaccounts|proxy|log|exec/.test(right))).toEqual(
      [],
    );
    expect(await canI(account, 'list', 'pods')).toBe(true);
    expect(await canI(account, 'get', 'secrets', HOME)).toBe(false);
    expect(await canI(account, 'delete', 'pods', HOME)).toBe(false);
    expect(await canI(account, 'get', 'nodes/stats one')).toBe(name === 'telemetry-nodes');
    expect(await canI(account, 'get', 'nodes/proxy one')).toBe(false);
  });
});

test('an account of no component may anything', async () => {
  expect(await rightsOf(accountOf(HOME, 'default'), HOME)).toEqual([]);
});
