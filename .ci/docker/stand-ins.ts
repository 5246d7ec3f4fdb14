import type { Settings } from '@aiops-sre/stack/settings.ts';

/** On images made here. An image without it is upstream's own and is never replaced. */
export const STAND_IN_LABEL = 'aiops-sre-observability.stand-in';

/**
 * An image made of a binary built here, under the name of the upstream image it stands for: same paths, user, volumes
 * and working directory, and no shell where upstream has none, taken from the upstream Dockerfile of that version.
 */
export interface StandIn {
  /** What docker-compose.yml asks for. */
  readonly image: string;
  /** Path in the image, by name of the binary. */
  readonly binaries: Readonly<Record<string, string>>;
  /** The rest of the Dockerfile; `empty` is an empty folder to copy. */
  readonly instructions: readonly string[];
  /** Upstream is based on busybox: a shell and small tools. */
  readonly busybox: boolean;
}

/** The images of others in docker-compose.yml but Grafana, Node and PostgreSQL. */
export function standIns({ versions }: Pick<Settings, 'versions'>): readonly StandIn[] {
  return [
    {
      image: `otel/opentelemetry-collector-contrib:${versions.otelCollector}`,
      binaries: { otelcol: '/otelcol-contrib' },
      instructions: ['USER 10001:10001', 'ENTRYPOINT ["/otelcol-contrib"]'],
      busybox: false,
    },
    {
      image: `grafana/tempo:${versions.tempo}`,
      binaries: { tempo: '/tempo' },
      instructions: [
        'COPY --chown=10001:10001 empty/ /var/tempo/',
        'USER 10001:10001',
        'ENTRYPOINT ["/tempo"]',
      ],
      busybox: false,
    },
    {
      image: `grafana/loki:${versions.loki}`,
      binaries: { loki: '/usr/bin/loki' },
      instructions: ['COPY --chown=10001:10001 empty/ /loki/', 'USER 10001', 'ENTRYPOINT ["/usr/bin/loki"]'],
      busybox: false,
    },
    {
      image: `prom/prometheus:${versions.prometheus}`,
      binaries: { prometheus: '/bin/prometheus', promtool: '/bin/promtool' },
      instructions: [
        'COPY --chown=65534:65534 empty/ /prometheus/',
        'VOLUME ["/prometheus"]',
        'WORKDIR /prometheus',
        'USER 65534',
        'ENTRYPOINT ["/bin/prometheus"]',
      ],
      busybox: true,
    },
    {
      image: `prom/alertmanager:${versions.alertmanager}`,
      binaries: { alertmanager: '/bin/alertmanager', amtool: '/bin/amtool' },
      instructions: [
        'COPY --chown=65534:65534 empty/ /alertmanager/',
        'COPY --chown=65534:65534 Dockerfile /etc/alertmanager/alertmanager.yml',
        'VOLUME ["/alertmanager"]',
        'WORKDIR /alertmanager',
        'USER 65534',
        'ENTRYPOINT ["/bin/alertmanager"]',
      ],
      busybox: true,
    },
    {
      image: `grafana/k6:${versions.k6}`,
      binaries: { k6: '/usr/bin/k6' },
      instructions: [
        'COPY --chown=12345:12345 empty/ /home/k6/',
        'WORKDIR /home/k6',
        'USER 12345',
        'ENTRYPOINT ["k6"]',
      ],
      busybox: true,
    },
  ];
}

/** The Dockerfile of a stand-in, for a folder that holds its binaries, `busybox` where needed, and `empty`. */
export function dockerfile(standIn: StandIn): string {
  return [
    'FROM scratch',
    ...(standIn.busybox
      ? ['COPY busybox /bin/busybox', 'RUN ["/bin/busybox", "--install", "-s", "/bin"]']
      : []),
    ...Object.entries(standIn.binaries).map(([name, path]) => `COPY ${name} ${path}`),
    ...standIn.instructions,
    '',
  ].join('\n');
}
