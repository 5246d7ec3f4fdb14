import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { effectiveConfiguration } from '@aiops-sre/alertmanager/effective-configuration.ts';
import { readComposeFile, SCALED } from '@aiops-sre/stack/compose/compose-file.ts';
import { SECRETS } from '@aiops-sre/stack/compose/prepare/secrets.ts';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { networkReach } from './network-reach.ts';
import { podSecurityProblems } from './pod-security.ts';
import {
  chart,
  type KubernetesObject,
  NAMESPACE,
  ofKind,
  podsOf,
  render,
  root,
  run,
  template,
  VALUES,
} from './rendered.ts';
import { problemsOf } from './validation.ts';

const compose = readComposeFile(root);
const shipped = render(undefined);
const rendered = new Map(VALUES.map((values) => [values, values ? render(values) : shipped]));
const titles = VALUES.map((values) => ({ values, title: values ?? 'no values' }));
const objectsWith = (values: string | undefined) => rendered.get(values) ?? [];

/** Text of ConfigMaps by their name, and keys of Secrets. */
const dataOf = (objects: readonly KubernetesObject[], kind: 'ConfigMap' | 'Secret') =>
  new Map(
    ofKind(objects, kind).map((object) => {
      const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(object);
      return [object.metadata.name, data];
    }),
  );
const configured = (objects: readonly KubernetesObject[], name: string, key: string) =>
  dataOf(objects, 'ConfigMap').get(name)?.[key];

describe.each(titles)('the chart with $title', ({ values }) => {
  const objects = objectsWith(values);
  const pods = podsOf(objects);

  test('is well-formed', () => {
    const file = values ? ['--values', join(import.meta.dirname, 'values', `${values}.yaml`)] : [];
    const { stdout, failed } = run('HELM', ['lint', '--strict', chart, ...file]);
    expect(failed, stdout).toBe(false);
  });

  test('has objects that Kubernetes 1.34 takes, each once', () => {
    expect(objects.flatMap(problemsOf)).toEqual([]);
    const names = objects.map(
      ({ apiVersion, kind, metadata }) =>
        `${apiVersion} ${kind} ${metadata.namespace ?? ''} ${metadata.name}`,
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(pods.size).toBeGreaterThan(4);
  });

  test('has pods that a namespace of Pod Security "restricted" takes', () => {
    expect(
      [...pods].flatMap(([name, pod]) => podSecurityProblems(pod).map((each) => `${name}: ${each}`)),
    ).toEqual([]);
  });

  test('mounts what is there', () => {
    const maps = dataOf(objects, 'ConfigMap');
    const secrets = dataOf(objects, 'Secret');
    const accounts = ofKind(objects, 'ServiceAccount').map(({ metadata }) => metadata.name);
    const problems = [...pods].flatMap(([name, { spec }]) => {
      const claimed = ['StatefulSet'].flatMap((kind) => {
        const set = ofKind(objects, kind).find(({ metadata }) => metadata.name === name);
        return set
          ? z
              .object({
                spec: z.object({
                  volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
                }),
              })
              .parse(set)
              .spec.volumeClaimTemplates.map(({ metadata }) => metadata.name)
          : [];
      });
      const volumes = new Set([...spec.volumes.map((volume) => volume.name), ...claimed]);
      const sources = spec.volumes.flatMap(({ configMap, secret, projected }) => [
        ...(configMap ? [{ configMap: { ...configMap, items: undefined } }] : []),
        ...(secret ? [{ secret: { name: secret.secretName, items: undefined } }] : []),
        ...(projected?.sources ?? []),
      ]);
      const known = (all: typeof maps, source: { name: string; items?: { key: string }[] | undefined }) => {
        const data = all.get(source.name);
        if (data === undefined) return [`${name}: nothing is called ${source.name}`];
        return (source.items ?? []).flatMap(({ key }) =>
          key in data ? [] : [`${name}: ${source.name} has no ${key}`],
        );
      };
      // What exists in every namespace, or already, or is made by an operator, is not the chart's.
      const given = [
        'kube-root-ca.crt',
        'monitoring-login',
        'channels',
        ...ofKind(objects, 'ExternalSecret').map((each) => each.metadata.name),
      ];
      return [
        ...(spec.serviceAccountName && !accounts.includes(spec.serviceAccountName)
          ? [`${name}: no account`]
          : []),
        ...[...spec.initContainers, ...spec.containers].flatMap(({ volumeMounts }) =>
          volumeMounts.flatMap((mount) =>
            volumes.has(mount.name) ? [] : [`${name}: no volume ${mount.name}`],
          ),
        ),
        ...sources.flatMap(
          ({
            configMap,
            secret,
          }: {
            configMap?: Parameters<typeof known>[1] | undefined;
            secret?: Parameters<typeof known>[1] | undefined;
          }) => [
            ...(configMap && !given.includes(configMap.name) ? known(maps, configMap) : []),
            ...(secret && !given.includes(secret.name) ? known(secrets, secret) : []),
          ],
        ),
      ];
    });
    expect(problems).toEqual([]);
  });

  test('asks Services at ports that they have', () => {
    const ports = new Map(
      ofKind(objects, 'Service').map((service) => [
        service.metadata.name,
        z
          .object({ spec: z.object({ ports: z.array(z.object({ port: z.number() })) }) })
          .parse(service)
          .spec.ports.map(({ port }) => port),
      ]),
    );
    const asked = [...pods].flatMap(([name, { spec }]) =>
      spec.containers.flatMap(({ env }) =>
        // Who may be restarted or tried need not be there.
        env
          .filter((each) => !['RESTARTABLE_INSTANCES', 'CANARY_URL'].includes(each.name))
          .flatMap(({ name: variable, value = '' }) =>
            [...value.matchAll(/https?:\/\/([a-z][a-z0-9-]*):(\d+)/g)].map(([, host = '', port]) => ({
              who: `${name} ${variable}`,
              host,
              port: Number(port),
            })),
          ),
      ),
    );
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter(({ host, port }) => !ports.get(host)?.includes(port))).toEqual([]);
  });

  test('scrapes and describes nobody who is not there', () => {
    const services = ofKind(objects, 'Service').map(({ metadata }) => metadata.name);
    const maps = dataOf(objects, 'ConfigMap');
    const targets = ['config-targets', 'config-prometheus-others']
      .flatMap((map) => Object.entries(maps.get(map) ?? {}))
      .filter(([file]) => file.endsWith('.json'))
      .flatMap(([, text]) => z.array(z.object({ targets: z.array(z.string()) })).parse(JSON.parse(text)))
      .flatMap((each) => each.targets);
    const strangers = targets.filter(
      (target) => !services.includes(target.split(':')[0] ?? '') && !/^localhost:|\.monitoring:/.test(target),
    );
    expect(strangers).toEqual([]);
    expect(ofKind(objects, 'PodDisruptionBudget').length).toBe(
      values === 'no-demo'
        ? 0
        : new Set(
            [...pods]
              .map(([name, pod]) =>
                name === 'smoke-test' ? name : pod.metadata.labels['app.kubernetes.io/name'],
              )
              .filter((name) => !['smoke-test', 'cluster-telemetry'].includes(name ?? '')),
          ).size,
    );
  });

  test('fits into what Kubernetes keeps of it', () => {
    const sizes = ofKind(objects, 'ConfigMap').map(
      (each) => [each.metadata.name, JSON.stringify(each).length] as const,
    );
    // The annotation of `kubectl apply`.
    expect(sizes.filter(([, size]) => size > 250_000)).toEqual([]);
    // A release is a Secret of 1 MB: the chart's files and what they became, compressed, as base64.
    const { stdout } = template(values);
    expect((gzipSync(stdout).length * 2 * 4) / 3).toBeLessThan(900_000);
  });
});

describe('the chart as it is shipped', () => {
  const pods = podsOf(shipped);

  test('runs every service of docker-compose.yml that goes on, and what only Compose needs not', () => {
    const services = Object.entries(compose.services)
      .filter(([, { restart, profiles }]) => restart !== 'no' && profiles.join() !== 'canary')
      .map(([name]) => name);
    expect([...pods.keys()].sort()).toEqual([...services, 'smoke-test'].sort());
  });

  test('lets talk to each other who shares a network of docker-compose.yml, and nobody else', () => {
    const reach = networkReach(shipped);
    const names = [...pods.keys()].filter((name) => name !== 'smoke-test');
    const labels = (name: string) => pods.get(name)?.metadata.labels ?? {};
    const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
    const together = ([from, to]: readonly [string, string]) =>
      compose.services[from]?.networks.some((network) => compose.services[to]?.networks.includes(network));
    const allowed = pairs.filter(([from, to]) => reach.between(labels(from), labels(to)));
    expect(allowed).toEqual(pairs.filter(together));
    expect(allowed.length).toBeGreaterThan(30);
    expect(allowed.length).toBeLessThan(pairs.length * 0.6);
    // The pod of `helm test` reaches what it asks, and nobody reaches it from the demo's inside.
    for (const asked of ['storefront', 'prometheus', 'guard'])
      expect(reach.between(labels('smoke-test'), labels(asked))).toBe(true);
    expect(reach.between(labels('smoke-test'), labels('tempo'))).toBe(false);
  });

  test('lets out of the cluster only who can leave in Compose', () => {
    const reach = networkReach(shipped);
    const out = [...pods].filter(([, { metadata }]) => reach.outside(metadata.labels)).map(([name]) => name);
    expect(out.sort()).toEqual(['alertmanager', 'incident-responder']);
    for (const name of out)
      expect(
        compose.services[name]?.networks.some((network) => compose.networks[network]?.internal !== true),
      ).toBe(true);
  });

  test('has the configuration of the checkout, byte for byte', () => {
    const checkout = (file: string) => readFileSync(join(root, file), 'utf8');
    const inCluster = (name: string, key: string) => configured(shipped, name, key);
    expect(inCluster('config-prometheus', 'prometheus.yml')).toBe(checkout('prometheus/prometheus.yml'));
    expect(inCluster('config-otel-collector', 'config.yaml')).toBe(checkout('otel-collector/config.yaml'));
    expect(inCluster('config-tempo', 'tempo.yaml')).toBe(checkout('tempo/tempo.yaml'));
    expect(inCluster('config-loki', 'loki.yaml')).toBe(checkout('loki/loki.yaml'));
    expect(inCluster('config-computed', 'alertmanager.yml')).toBe(checkout('alertmanager/alertmanager.yml'));
    expect(inCluster('config-grafana-dashboards-slo-overview', 'slo-overview.json')).toBe(
      checkout('grafana/dashboards/slo-overview.json'),
    );
  });

  test('has targets with the labels of docker-compose.yml', () => {
    const checkout = parse(readFileSync(join(root, 'prometheus/targets/demo-app.json'), 'utf8'));
    expect(JSON.parse(configured(shipped, 'config-targets', 'demo-app.json') ?? '')).toEqual(checkout);
  });

  test('names the cluster where it has a name: in alerts, telemetry and incidents', () => {
    const named = render(undefined, 'cluster=eu-1');
    const prometheus = configured(named, 'config-prometheus', 'prometheus.yml') ?? '';
    expect(parse(prometheus, { merge: true }).global).toMatchObject({
      external_labels: { cluster: 'eu-1' },
      evaluation_interval: '15s',
    });
    const knows = [...podsOf(named)].filter(([, { spec }]) =>
      spec.containers.some(({ env }) =>
        env.some(({ name, value }) => name === 'KUBERNETES_CLUSTER' && value === 'eu-1'),
      ),
    );
    expect(knows.map(([name]) => name).sort()).toEqual([
      'anomaly-detector',
      'incident-responder',
      'otel-collector',
    ]);
    const digest = (objects: readonly KubernetesObject[]) =>
      JSON.stringify(ofKind(objects, 'StatefulSet').find(({ metadata }) => metadata.name === 'prometheus'));
    expect(digest(named)).not.toBe(digest(shipped));
    expect(template(undefined, 'cluster=no name').failed).toBe(true);
  });

  test('makes each secret once, and Alertmanager a hash of its password', () => {
    const secrets = [...dataOf(shipped, 'Secret').values()].flatMap((data) => Object.entries(data));
    const own = secrets.filter(([name]) => name in SECRETS);
    expect(own.map(([name]) => name).sort()).toEqual(Object.keys(SECRETS).sort());
    expect(new Set(own.map(([, value]) => value)).size).toBe(own.length);
    expect(own.every(([, value]) => /^\w{43}$/.test(Buffer.from(value, 'base64').toString()))).toBe(true);
    const web = parse(Buffer.from(Object.fromEntries(secrets)['web.yml'] ?? '', 'base64').toString());
    expect(web.basic_auth_users.platform).toMatch(/^\$2a\$10\$/);
    expect(web.http_server_config.headers['X-Frame-Options']).toBe('deny');
  });

  test('asks for 1.6 GB at most when all of it idles', () => {
    const mebibytes = [...pods]
      .filter(([name]) => name !== 'smoke-test')
      .flatMap(([, { spec }]) => spec.containers)
      .reduce((sum, { resources }) => sum + Number(resources.requests.memory?.replace('Mi', '')), 0);
    expect(mebibytes).toBeGreaterThan(1000);
    expect((mebibytes * 1024 ** 2) / 1e9).toBeLessThanOrEqual(1.6);
  });

  test('gives nobody a right at the API server', () => {
    expect(shipped.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
  });

  test('has the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))).toMatchObject({
      version,
      appVersion: version,
    });
  });
});

describe('without the demo', () => {
  const objects = objectsWith('no-demo');

  test('nothing of it is left, and nothing of the configuration names it', () => {
    const names = [...podsOf(objects).keys()];
    expect(names.filter((name) => /storefront|fulfillment|identity|traffic|smoke/.test(name))).toEqual([]);
    expect(
      [...dataOf(objects, 'ConfigMap').keys()].filter((name) => /storefront|fulfillment|demo-app/.test(name)),
    ).toEqual([]);
    expect(configured(objects, 'config-targets', 'demo-app.json')).toBe('[]');
    const actions = Object.keys(dataOf(objects, 'ConfigMap').get('config-incident-responder-actions') ?? {});
    expect(actions).toContain('raise-memory-limit.yaml');
    expect(actions).not.toContain('shed-load.yaml');
  });
});

describe('with what exists already', () => {
  const objects = objectsWith('existing');
  const environment = (pod: string) =>
    Object.fromEntries(
      podsOf(objects)
        .get(pod)
        ?.spec.containers[0]?.env.map(({ name, value }) => [name, value]) ?? [],
    );

  test('installs none of its own, and asks that', () => {
    const names = [...podsOf(objects).keys()];
    expect(names.filter((name) => ['prometheus', 'alertmanager', 'tempo', 'loki'].includes(name))).toEqual(
      [],
    );
    expect(environment('anomaly-detector')).toMatchObject({
      PROMETHEUS_URL: 'http://prometheus-operated.monitoring:9090',
      ALERTMANAGER_URLS: 'http://alertmanager-operated.monitoring:9093',
    });
    expect(environment('incident-responder')).toMatchObject({
      TEMPO_URL: 'http://tempo.monitoring:3200',
      LOKI_URL: 'https://loki.example.com',
    });
    expect(environment('otel-collector')).toMatchObject({
      TEMPO_OTLP_URL: 'http://tempo.monitoring:4318',
      LOKI_OTLP_URL: 'https://loki.example.com/otlp',
    });
  });

  test('keeps the guard before what is left to guard', () => {
    const half = podsOf(render(undefined, 'existing.tempo=http://tempo.monitoring:3200'));
    const guard = half.get('guard')?.spec.containers[0]?.env ?? [];
    expect(guard.find(({ name }) => name === 'HEALTH_TARGETS')?.value).toMatch(
      /^otel-collector=\S+ +loki=\S+$/,
    );
    expect(podsOf(objects).has('guard')).toBe(false);
  });

  test('gives the operator of Prometheus every rule and every target', () => {
    const rules = ofKind(objects, 'PrometheusRule');
    expect(rules.map(({ metadata }) => metadata.name)).toContain('storefront-availability');
    expect(rules[0]).toMatchObject({
      spec: { groups: expect.any(Array) },
      metadata: { labels: { release: 'monitoring' } },
    });
    const monitors = ofKind(objects, 'ServiceMonitor');
    expect(monitors.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining([
        'demo-app-storefront',
        'otlp-otel-collector',
        'otlp-unverified-otel-collector',
        'incident-responder',
      ]),
    );
    const unverified = monitors.find(({ metadata }) => metadata.name === 'otlp-unverified-otel-collector');
    expect(unverified).toMatchObject({
      spec: {
        sampleLimit: 3000,
        endpoints: ['0', '1', '2', '3'].map((replacement) => ({
          honorLabels: true,
          relabelings: [
            { targetLabel: 'job', replacement: 'otlp-unverified' },
            { targetLabel: 'quarter', replacement },
          ],
        })),
      },
    });
  });
});

describe('distributed', () => {
  const objects = objectsWith('distributed');
  const environment = (all: readonly KubernetesObject[], pod: string) =>
    Object.fromEntries(
      podsOf(all)
        .get(pod)
        ?.spec.containers[0]?.env.map(({ name, value }) => [name, value]) ?? [],
    );

  test('has what docker-compose.scale.yml has, with the configuration of the checkout', () => {
    const ofCompose = Object.keys(readComposeFile(root, SCALED).services).filter(
      (name) => !(name in compose.services),
    );
    expect([...podsOf(objects).keys()]).toEqual(expect.arrayContaining(ofCompose));
    for (const [map, file] of [
      ['config-loki', 'loki/loki.distributed.generated.yaml'],
      ['config-tempo', 'tempo/tempo.distributed.generated.yaml'],
      ['config-prometheus', 'prometheus/prometheus.distributed.generated.yml'],
      ['config-otel-collector', 'otel-collector/gateway.generated.yaml'],
      ['config-otel-collector', 'otel-collector/config.distributed.generated.yaml'],
    ] as const)
      expect(configured(objects, map, basename(file))).toBe(readFileSync(join(root, file), 'utf8'));
  });

  test('lets everybody who asks for metrics ask Thanos, and generates no past', () => {
    for (const pod of ['anomaly-detector', 'incident-responder', 'grafana'])
      expect(environment(objects, pod).PROMETHEUS_URL, pod).toBe('http://thanos-query:10902');
    expect(podsOf(objects).get('prometheus')?.spec.initContainers).toEqual([]);
  });

  test('finds members of a ring before they are ready, by every port they are asked at', () => {
    const services = new Map(ofKind(objects, 'Service').map((service) => [service.metadata.name, service]));
    const portsOf = (name: string) =>
      z
        .object({ spec: z.object({ ports: z.array(z.object({ port: z.number() })) }) })
        .parse(services.get(name))
        .spec.ports.map(({ port }) => port);
    for (const name of ['loki', 'loki-ingester-1', 'tempo', 'tempo-ingester-3']) {
      expect(services.get(name), name).toMatchObject({ spec: { publishNotReadyAddresses: true } });
      expect(portsOf(name), name).toContain(7946);
    }
    expect(portsOf('thanos-receive')).toContain(19291);
    expect(portsOf('thanos-rule')).toContain(10901);
    expect(services.get('prometheus')).not.toMatchObject({ spec: { publishNotReadyAddresses: true } });
  });

  test('has telemetry sent to the gateway, which alone knows the key and the way to the Collectors', () => {
    for (const pod of ['storefront', 'checkout', 'fulfillment-3'])
      expect(environment(objects, pod).OTEL_EXPORTER_OTLP_ENDPOINT, pod).toBe('http://otel-gateway:4317');
    const all = podsOf(render('distributed', 'clusterTelemetry.enabled=true', 'cluster=eu-1'));
    expect(environment(objects, 'otel-gateway')).not.toHaveProperty('KUBERNETES_CLUSTER');
    expect(all.get('otel-gateway')?.spec.containers[0]?.env).toContainEqual({
      name: 'KUBERNETES_CLUSTER',
      value: 'eu-1',
    });
    const maps = dataOf(render('distributed', 'clusterTelemetry.enabled=true'), 'ConfigMap');
    expect(maps.get('config-otel-collector-kubernetes')?.['cluster.yaml']).toContain('//otel-gateway:4318');
    const reach = networkReach(objects);
    const labels = (name: string) => podsOf(objects).get(name)?.metadata.labels ?? {};
    for (const name of ['otel-collector', 'otel-collector-2']) {
      expect(reach.between(labels('otel-gateway'), labels(name)), name).toBe(true);
      expect(reach.between(labels('prometheus'), labels(name)), name).toBe(true);
      expect(reach.between(labels('identity'), labels(name)), name).toBe(false);
      expect(JSON.stringify(podsOf(objects).get(name)), name).not.toContain('aiops-telemetry');
    }
    expect(reach.between(labels('identity'), labels('otel-gateway'))).toBe(true);
    expect(
      ofKind(objects, 'NetworkPolicy').find(({ metadata }) => metadata.name === 'otlp-from-others'),
    ).toMatchObject({
      spec: { podSelector: { matchLabels: { 'app.kubernetes.io/component': 'otel-gateway' } } },
    });
  });

  test('scrapes the others of what is there more than once, where it is there', () => {
    const others = (...set: string[]) =>
      dataOf(render('distributed', ...set), 'ConfigMap').get('config-prometheus-others') ?? {};
    expect(others()['otel-collector.json']).toContain('otel-gateway:8888');
    expect(others()['anomaly-detector.json']).toContain('anomaly-detector-2:8090');
    expect(JSON.parse(others('parts.anomaly-detector=false')['anomaly-detector.json'] ?? '')).toEqual([]);
  });

  test('evicts one of the replicas of an engine at a time', () => {
    const budgets = ofKind(objects, 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
    expect(budgets).toEqual(expect.arrayContaining(['thanos-receive', 'loki-ingester', 'tempo-ingester']));
  });

  test('keeps blocks elsewhere where that is said', () => {
    const elsewhere = render('distributed', 'distributed.objectStorage.endpoint=s3.example.com');
    expect(podsOf(elsewhere).has('seaweedfs')).toBe(false);
    for (const pod of ['thanos-receive-1', 'loki-compactor', 'tempo-querier'])
      expect(environment(elsewhere, pod), pod).toMatchObject({
        S3_ENDPOINT: 's3.example.com',
        S3_INSECURE: 'false',
        S3_REGION: 'us-east-1',
      });
  });

  test('has none of it otherwise', () => {
    expect([...podsOf(shipped).keys()].filter((name) => /thanos|seaweedfs|ingester/.test(name))).toEqual([]);
  });
});

describe('exposed', () => {
  const objects = objectsWith('exposed');
  const pods = podsOf(objects);

  test('has a door with TLS to what is named, and none to the admin routes of the storefront', () => {
    const doors = ofKind(objects, 'Ingress').map((door) => [
      door.metadata.name,
      z
        .object({
          spec: z.object({
            tls: z.array(z.object({ secretName: z.string() })),
            rules: z.array(z.object({ http: z.object({ paths: z.array(z.object({ path: z.string() })) }) })),
          }),
        })
        .parse(door)
        .spec.rules[0]?.http.paths.map(({ path }) => path),
    ]);
    expect(Object.fromEntries(doors)).toEqual({
      storefront: ['/api'],
      grafana: ['/'],
      'incident-responder': ['/'],
    });
    const responder = pods.get('incident-responder')?.spec.containers[0]?.env;
    expect(responder).toContainEqual({ name: 'PUBLIC_URL', value: 'https://incidents.example.com' });
    expect(responder).toContainEqual({ name: 'GRAFANA_URL', value: 'https://grafana.example.com' });
    expect(responder?.find(({ name }) => name === 'ALLOWED_HOSTS')?.value).toContain('incidents.example.com');
    expect(responder).toContainEqual({ name: 'GITHUB_REPOSITORY', value: 'example/service' });
  });

  test('scales storefronts, which Prometheus finds one by one', () => {
    expect(ofKind(objects, 'HorizontalPodAutoscaler')).toHaveLength(1);
    const targets = JSON.parse(configured(objects, 'config-targets', 'demo-app.json') ?? '[]');
    expect(JSON.stringify(targets)).not.toContain('storefront:');
    const scrape = parse(configured(objects, 'config-targets', 'storefront.scrape.yml') ?? '');
    expect(scrape.scrape_configs[0].dns_sd_configs[0].names).toEqual(['storefront-pods']);
  });

  test('adds channels to Alertmanager as the other engines do', () => {
    const fragments = ['slack', 'pagerduty'].map((channel) => {
      const { joins, ...configs } = parse(
        readFileSync(join(root, 'alertmanager', 'receivers', `${channel}.yml`), 'utf8'),
      );
      return { joins, configs };
    });
    const wanted = effectiveConfiguration(
      readFileSync(join(root, 'alertmanager', 'alertmanager.yml'), 'utf8'),
      fragments,
    );
    expect(parse(configured(objects, 'config-computed', 'alertmanager.yml') ?? '', { merge: true })).toEqual(
      parse(wanted),
    );
  });

  test('takes images from where they are', () => {
    expect(pods.get('storefront')?.spec.containers[0]?.image).toBe(
      'ghcr.io/example/aiops-sre-observability/demo-app:1.2.3',
    );
    expect(pods.get('prometheus')?.spec.containers[0]?.image).toMatch(
      /^registry\.example\.com\/docker\.io\/prom\/prometheus:v/,
    );
  });

  test('leaves secrets to their operator', () => {
    expect(ofKind(objects, 'Secret')).toEqual([]);
    expect(ofKind(objects, 'ExternalSecret').length).toBeGreaterThan(4);
  });
});

describe('operated', () => {
  const objects = objectsWith('operated');
  const rulesOf = (kind: string) =>
    ofKind(objects, kind).map((role) => {
      const { rules } = z
        .object({
          rules: z.array(
            z.object({
              resources: z.array(z.string()),
              resourceNames: z.array(z.string()).optional(),
              verbs: z.array(z.string()),
            }),
          ),
        })
        .parse(role);
      return [
        `${role.metadata.namespace ?? ''} ${role.metadata.name}`.trim(),
        rules.map(({ resources, resourceNames, verbs }) =>
          [verbs.join('/'), resources.join('/'), resourceNames?.join('/')].filter(Boolean).join(' '),
        ),
      ];
    });

  test('has the rights that the commands need, and no other', () => {
    const healing = [
      'list/watch/delete pods',
      'get/patch deployments/statefulsets',
      'list replicasets/controllerrevisions',
    ];
    expect(Object.fromEntries(rulesOf('Role'))).toEqual({
      'aiops-operator-itself': ['get/update leases aiops-operator', 'get/patch configmaps config-flags'],
      'observability aiops-operator': healing,
      'payments aiops-operator': healing,
    });
    expect(Object.fromEntries(rulesOf('ClusterRole'))).toEqual({
      'aiops-operator-nodes-observability': ['list/watch/patch nodes'],
      'aiops-telemetry-nodes-observability': ['get nodes/stats', 'get/list/watch pods/namespaces'],
      'aiops-telemetry-cluster-observability': [
        'get/list/watch namespaces/nodes/pods/replicationcontrollers/resourcequotas/services',
        'get/list/watch daemonsets/deployments/replicasets/statefulsets',
        'get/list/watch cronjobs/jobs',
        'get/list/watch horizontalpodautoscalers',
        'list/watch events',
      ],
    });
    const bindings = [...ofKind(objects, 'RoleBinding'), ...ofKind(objects, 'ClusterRoleBinding')].map(
      (binding) =>
        z
          .object({
            roleRef: z.object({ name: z.string() }),
            subjects: z.array(z.object({ name: z.string(), namespace: z.literal('observability') })),
          })
          .parse(binding),
    );
    expect(
      new Set(
        bindings.map(({ roleRef, subjects }) => `${roleRef.name}: ${subjects.map(({ name }) => name)}`),
      ),
    ).toEqual(
      new Set([
        'aiops-operator-itself: incident-responder',
        'aiops-operator: incident-responder',
        'aiops-operator-nodes-observability: incident-responder',
        'aiops-telemetry-nodes-observability: telemetry-nodes',
        'aiops-telemetry-cluster-observability: telemetry-cluster',
      ]),
    );
  });

  test('gives the token to the responder alone, beside how the API server is reached', () => {
    const withToken = [...podsOf(objects)].filter(([, pod]) => JSON.stringify(pod).includes('"kubernetes"'));
    expect(withToken.map(([name]) => name)).toEqual(['incident-responder']);
    const container = withToken[0]?.[1].spec.containers[0];
    expect(container?.volumeMounts).toContainEqual(
      expect.objectContaining({ name: 'kubernetes', mountPath: '/run/kubernetes' }),
    );
    expect(container?.env).toEqual(
      expect.arrayContaining([
        { name: 'KUBECONFIG', value: '/run/kubernetes/config' },
        { name: 'KUBERNETES_NAMESPACES', value: 'observability,payments' },
        { name: 'KUBERNETES_LEASE', value: 'observability/aiops-operator' },
      ]),
    );
    expect(parse(configured(objects, 'config-operator', 'config') ?? '')).toMatchObject({
      users: [{ user: { 'auth-provider': { config: { tokenFile: '/run/kubernetes/token' } } } }],
    });
  });
});

describe('the telemetry of the cluster', () => {
  const objects = objectsWith('operated');
  const pods = podsOf(objects);
  const COLLECTORS = ['telemetry-cluster', 'telemetry-nodes'];

  test('is on with the operator, alone where it is asked for, and else not there', () => {
    const there = (all: readonly KubernetesObject[]) =>
      [...podsOf(all).keys()].filter((name) => COLLECTORS.includes(name)).sort();
    expect(there(shipped)).toEqual([]);
    expect(configured(shipped, 'config-targets', 'kubernetes.scrape.yml')).toBeUndefined();
    expect([...dataOf(shipped, 'ConfigMap').keys()]).not.toContain('config-prometheus-cluster');
    expect(there(objects)).toEqual(COLLECTORS);
    const alone = render(undefined, 'clusterTelemetry.enabled=true');
    expect(there(alone)).toEqual(COLLECTORS);
    expect(ofKind(alone, 'Role')).toEqual([]);
  });

  test('has rules, dashboards and a scrape of its own', () => {
    const cluster = readFileSync(join(root, 'prometheus/cluster/cluster.rules.yml'), 'utf8');
    expect(configured(objects, 'config-prometheus-cluster', 'cluster.rules.yml')).toBe(cluster);
    const rules = JSON.stringify(pods.get('prometheus')?.spec.volumes);
    expect(rules).toContain('config-prometheus-cluster');
    const scrape = parse(configured(objects, 'config-targets', 'kubernetes.scrape.yml') ?? '');
    const names = scrape.scrape_configs[0].dns_sd_configs[0].names;
    expect(ofKind(objects, 'Service').map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(names),
    );
  });

  test('is Collectors of the version of .env, whose configuration is mounted and names what it uses', () => {
    const version = /^OTEL_COLLECTOR_VERSION=(\S+)$/m.exec(readFileSync(join(root, '.env'), 'utf8'))?.[1];
    for (const name of COLLECTORS) {
      const [container] = pods.get(name)?.spec.containers ?? [];
      expect(container?.image).toBe(`otel/opentelemetry-collector-k8s:${version}`);
      const file = /--config=\/etc\/otelcol\/(.*)$/.exec(container?.args[0] ?? '')?.[1] ?? '';
      const text = configured(objects, 'config-otel-collector-kubernetes', file) ?? '';
      const { service, ...parts } = parse(text);
      const used = Object.values(
        service.pipelines as Record<string, Record<'receivers' | 'processors' | 'exporters', string[]>>,
      ).flatMap((pipeline) =>
        (['receivers', 'processors', 'exporters'] as const).flatMap((kind) =>
          pipeline[kind].map((each) => `${kind} ${each}`),
        ),
      );
      const defined = ['receivers', 'processors', 'exporters'].flatMap((kind) =>
        Object.keys(parts[kind]).map((each) => `${kind} ${each}`),
      );
      expect([...new Set(used)].sort()).toEqual(defined.sort());
      const wanted = [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, variable]) => variable);
      expect(container?.env.map((each) => each.name)).toEqual(expect.arrayContaining(wanted));
    }
  });

  test('is reached by Prometheus, and sends to the Collector', () => {
    const reach = networkReach(objects);
    const labels = (name: string) => pods.get(name)?.metadata.labels ?? {};
    for (const name of COLLECTORS) {
      expect(reach.between(labels('prometheus'), labels(name))).toBe(true);
      expect(reach.between(labels(name), labels('otel-collector'))).toBe(true);
      expect(reach.between(labels('storefront'), labels(name))).toBe(false);
      expect(reach.outside(labels(name))).toBe(false);
    }
  });

  test('reads files of the nodes only where that is asked for', () => {
    expect(JSON.stringify([...pods.values()])).not.toContain('hostPath');
    const reading = podsOf(
      render(undefined, 'clusterTelemetry.enabled=true', 'clusterTelemetry.containerLogs=true'),
    );
    const container = reading.get('telemetry-nodes')?.spec.containers[0];
    expect(container?.args).toContain('--config=/etc/otelcol/container-logs.yaml');
    expect(container?.volumeMounts).toContainEqual(
      expect.objectContaining({ name: 'logs', mountPath: '/var/log/pods' }),
    );
    expect(
      reading.get('telemetry-cluster')?.spec.containers[0]?.volumeMounts.map(({ name }) => name),
    ).toEqual(['config', 'telemetry']);
  });
});

describe('values that cannot be', () => {
  test.each([
    ['traffic without the demo', ['parts.demo=false'], 'parts.traffic is on and parts.demo is off'],
    [
      'a detector without Prometheus',
      ['parts.prometheus=false'],
      'parts.anomaly-detector is on and needs prometheus',
    ],
    ['a misspelt value', ['part.demo=false'], "additional properties 'part' not allowed"],
    [
      'a door without TLS',
      ['ingress.enabled=true', 'ingress.hosts.grafana=a.example.com'],
      'ingress.tlsSecret: expected',
    ],
    [
      'a door to nobody',
      ['ingress.enabled=true', 'ingress.tlsSecret=x', 'ingress.hosts.nobody=a.example.com'],
      'ingress.hosts.nobody: there is no such component',
    ],
    ['an address that is none', ['existing.prometheus=prometheus:9090'], 'does not match pattern'],
    [
      'more at least than at most',
      ['autoscaling.storefront.enabled=true', 'autoscaling.storefront.min=9'],
      'autoscaling.storefront.min: got 9',
    ],
    [
      'channels without a secret',
      ['notifications.channels={slack}'],
      'notifications.channels: expected notifications.secret',
    ],
    [
      'an operator without the responder',
      ['operator.enabled=true', 'parts.incident-responder=false'],
      'operator.enabled is on and parts.incident-responder is off',
    ],
    [
      'telemetry of the cluster that nobody takes',
      ['clusterTelemetry.enabled=true', 'parts.otel-collector=false'],
      'expected parts.otel-collector: true',
    ],
    ['a size that is none', ['storage.size.default=much'], 'does not match pattern'],
  ])('are refused with a reason: %s', (_title, set, message) => {
    const { failed, stderr } = template(undefined, ...set);
    expect(failed).toBe(true);
    expect(stderr).toContain(message);
  });

  test('are refused by a cluster that is too old', () => {
    const { failed, stderr } = run('HELM', [
      'template',
      'aiops',
      chart,
      '--namespace',
      NAMESPACE,
      '--kube-version',
      '1.27.0',
    ]);
    expect(failed).toBe(true);
    expect(stderr).toContain('requires kubeVersion');
  });
});
