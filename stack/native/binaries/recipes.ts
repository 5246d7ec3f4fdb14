import type { Settings, VersionName } from '../../settings.ts';

/** How a component's binaries are built from its pinned Go module in `stack/native/modules/NAME`. */
export interface Recipe {
  readonly name: string;
  readonly version: string;
  /** Folder below stack/native/modules. */
  readonly module: string;
  /** Go packages of the commands; each becomes a binary named after its last path element. */
  readonly packages: readonly string[];
  /** Names of the binaries, in the order of `packages`. */
  readonly binaries: readonly string[];
  readonly tags: readonly string[];
  /** Go variables set at link time, so that `--version` and metrics tell the version. */
  readonly variables: Readonly<Record<string, string>>;
}

const PROMETHEUS_COMMON = 'github.com/prometheus/common/version.Version';

/** The components the native engine runs, at the versions of `.env`. */
export function recipes(versions: Settings['versions']): readonly Recipe[] {
  const bare = (name: VersionName) => versions[name].replace(/^v/, '');
  return [
    {
      name: 'tempo',
      version: bare('tempo'),
      module: 'tempo',
      packages: ['github.com/grafana/tempo/cmd/tempo'],
      binaries: ['tempo'],
      tags: [],
      variables: { 'main.Version': bare('tempo') },
    },
    {
      name: 'loki',
      version: bare('loki'),
      module: 'loki',
      packages: ['github.com/grafana/loki/v3/cmd/loki'],
      binaries: ['loki'],
      tags: [],
      variables: { 'github.com/grafana/loki/v3/pkg/util/build.Version': bare('loki') },
    },
    {
      name: 'prometheus',
      version: bare('prometheus'),
      module: 'prometheus',
      packages: [
        'github.com/prometheus/prometheus/cmd/prometheus',
        'github.com/prometheus/prometheus/cmd/promtool',
      ],
      binaries: ['prometheus', 'promtool'],
      // Targets come from files, in a cluster from names, too; the clouds' service discoveries are half of the build.
      tags: ['remove_all_sd', 'enable_dns_sd'],
      variables: { [PROMETHEUS_COMMON]: bare('prometheus') },
    },
    {
      name: 'otel-collector',
      version: bare('otelCollector'),
      module: 'otelcol',
      packages: ['.'],
      binaries: ['otelcol'],
      tags: [],
      variables: {},
    },
    {
      name: 'alertmanager',
      version: bare('alertmanager'),
      module: 'alertmanager',
      packages: [
        'github.com/prometheus/alertmanager/cmd/alertmanager',
        'github.com/prometheus/alertmanager/cmd/amtool',
      ],
      binaries: ['alertmanager', 'amtool'],
      tags: [],
      variables: { [PROMETHEUS_COMMON]: bare('alertmanager') },
    },
  ];
}

/** Tools of `npm test` alone. */
export function testRecipes(versions: Settings['versions']): readonly Recipe[] {
  return [composeRecipe, caddyRecipe(versions), actionlintRecipe];
}

/** The door of docker-compose.expose.yml, to try its configuration for real. */
function caddyRecipe({ caddy }: Settings['versions']): Recipe {
  return {
    name: 'caddy',
    version: caddy,
    module: 'caddy',
    packages: ['github.com/caddyserver/caddy/v2/cmd/caddy'],
    binaries: ['caddy'],
    tags: ['nobadger', 'nomysql', 'nopgx'],
    variables: {},
  };
}

/** Load for the storefront; built only for `npm run load`. */
export function k6Recipe({ k6 }: Settings['versions']): Recipe {
  return {
    name: 'k6',
    version: k6,
    module: 'k6',
    packages: ['go.k6.io/k6'],
    binaries: ['k6'],
    tags: [],
    variables: {},
  };
}

/** Checks .github/workflows. */
const actionlintRecipe: Recipe = {
  name: 'actionlint',
  version: '1.7.12',
  module: 'actionlint',
  packages: ['github.com/rhysd/actionlint/cmd/actionlint'],
  binaries: ['actionlint'],
  tags: [],
  variables: {},
};

/** Charts of Kubernetes: renders ours in `npm run test:kubernetes`, where the host has none at this version. */
export const helmRecipe: Recipe = {
  name: 'helm',
  version: '3.19.5',
  module: 'helm',
  packages: ['helm.sh/helm/v3/cmd/helm'],
  binaries: ['helm'],
  tags: [],
  // As its Makefile does: without, it takes every cluster that it does not ask for Kubernetes 1.20.
  variables: {
    'helm.sh/helm/v3/internal/version.version': 'v3.19.5',
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor': '1',
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor': '34',
    'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor': '1',
    'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor': '34',
  },
};

/** Builds the overlays of k8s/kustomize. */
const kustomizeRecipe: Recipe = {
  name: 'kustomize',
  version: '5.8.1',
  module: 'kustomize',
  packages: ['sigs.k8s.io/kustomize/kustomize/v5'],
  binaries: ['kustomize'],
  tags: [],
  variables: { 'sigs.k8s.io/kustomize/api/provenance.version': 'v5.8.1' },
};

/** Programs of Kubernetes, all of one module. */
function kubernetesRecipe(name: string, ...programs: readonly string[]): Recipe {
  return {
    name,
    version: '1.34.2',
    module: 'kubernetes',
    packages: programs.map((program) => `k8s.io/kubernetes/cmd/${program}`),
    binaries: programs,
    tags: [],
    // Without, it is v0.0.0-master and compares no version of its API.
    variables: {
      'k8s.io/component-base/version.gitVersion': 'v1.34.2',
      'k8s.io/component-base/version.gitMajor': '1',
      'k8s.io/component-base/version.gitMinor': '34',
    },
  };
}

/** Kubernetes' API and its store, which the tests talk to as they would to a cluster's; nothing runs in it. */
const apiServerRecipe = kubernetesRecipe('kube-apiserver', 'kube-apiserver');
const etcdRecipe: Recipe = {
  name: 'etcd',
  version: '3.6.16',
  module: 'etcd',
  packages: ['go.etcd.io/etcd/server/v3'],
  binaries: ['etcd'],
  tags: [],
  variables: {},
};

/** Tools of what is made for Kubernetes. */
export const kubernetesRecipes: readonly Recipe[] = [
  helmRecipe,
  kustomizeRecipe,
  apiServerRecipe,
  etcdRecipe,
];

/** What makes a cluster of them, and tells of it, where there is none to test in. */
export function clusterRecipes(versions: Settings['versions']): readonly Recipe[] {
  const single = (name: string, version: string): Recipe => ({
    name,
    version,
    module: name,
    packages: ['.'],
    binaries: [name],
    tags: [],
    variables: {},
  });
  return [
    kubernetesRecipe(
      'kubernetes-cluster',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'kube-proxy',
      'kubectl',
    ),
    single('coredns', '1.15.0'),
    single('otelcol-k8s', versions.otelCollector),
  ];
}

/** What runs past one machine beside the components that are there already; built only for `npm run test:scale`. */
export function scaleRecipes({ thanos, seaweedfs }: Settings['versions']): readonly Recipe[] {
  const version = thanos.replace(/^v/, '');
  return [
    {
      name: 'thanos',
      version,
      module: 'thanos',
      packages: ['github.com/thanos-io/thanos/cmd/thanos'],
      binaries: ['thanos'],
      // Of its own build. Without, labels have another form than its receiver's protocol, which panics at the first write.
      tags: ['netgo', 'slicelabels'],
      variables: { [PROMETHEUS_COMMON]: version },
    },
    {
      name: 'seaweedfs',
      version: seaweedfs,
      module: 'seaweedfs',
      packages: ['github.com/seaweedfs/seaweedfs/weed'],
      binaries: ['weed'],
      tags: [],
      variables: {},
    },
  ];
}

/** Docker's Compose plugin, for checks of docker-compose.yml where the host has none. */
export const composeRecipe: Recipe = {
  name: 'docker-compose',
  version: '2.40.3',
  module: 'docker-compose',
  packages: ['github.com/docker/compose/v2/cmd'],
  binaries: ['docker-compose'],
  tags: [],
  variables: { 'github.com/docker/compose/v2/internal.Version': 'v2.40.3' },
};
