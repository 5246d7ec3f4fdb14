import type { Settings } from '../../settings.ts';

/** A component's official archive for one platform, and where its checksum is. */
export interface Release {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  /** Lists `SHA256  FILE` as sha256sum writes it; or holds the digest alone. */
  readonly checksumsUrl: string;
  readonly archive: 'tar.gz' | 'zip';
  /** Path in the archive, by the name its binary gets here; undefined: all of it, without its first folder. */
  readonly files: Readonly<Record<string, string>> | undefined;
}

export interface Platform {
  /** As Node names it: linux, darwin, win32; x64, arm64. */
  readonly os: NodeJS.Platform;
  readonly arch: string;
}

const GITHUB = 'https://github.com';
const GRAFANA_DOWNLOADS = 'https://dl.grafana.com';

const OS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * The official archives of this platform, by component. A project may have published none for it: what the server says then
 * decides, not this list.
 *
 * @param settings.releasesUrl a mirror in place of https://github.com and https://dl.grafana.com, with the same paths;
 *   `{host}` in it becomes the name of the host. `off`: no releases.
 * @see https://github.com/prometheus/promu, and .goreleaser.yml, Makefile or build-release.sh of each project.
 */
export function releases(
  settings: Pick<Settings, 'versions' | 'releasesUrl'>,
  platform: Platform,
): ReadonlyMap<string, Release> {
  const os = OS[platform.os];
  const arch = ARCH[platform.arch];
  if (!os || !arch || settings.releasesUrl === 'off') return new Map();
  const exe = os === 'windows' ? '.exe' : '';
  const version = (name: keyof Settings['versions']) => settings.versions[name].replace(/^v/, '');
  const at = (origin: string) =>
    settings.releasesUrl
      ? settings.releasesUrl.replace('{host}', new URL(origin).host).replace(/\/$/, '')
      : origin;
  const zipOn = (...systems: string[]) => (systems.includes(os) ? ('zip' as const) : ('tar.gz' as const));

  const onGitHub = (options: {
    name: string;
    repository: string;
    version: string;
    file: string;
    checksums: string;
    archive: Release['archive'];
    files: Record<string, string>;
  }): Release => {
    const { name, repository, version, file, checksums, archive, files } = options;
    const folder = `${at(GITHUB)}/${repository}/releases/download/v${version}`;
    return {
      name,
      version,
      url: `${folder}/${file}`,
      checksumsUrl: `${folder}/${checksums}`,
      archive,
      files,
    };
  };

  const ofPrometheus = (name: 'prometheus' | 'alertmanager', binaries: readonly string[]): Release => {
    const base = `${name}-${version(name)}.${os}-${arch}`;
    const archive = zipOn('windows');
    return onGitHub({
      name,
      repository: `prometheus/${name}`,
      version: version(name),
      file: `${base}.${archive}`,
      checksums: 'sha256sums.txt',
      archive,
      files: Object.fromEntries(binaries.map((binary) => [binary, `${base}/${binary}${exe}`])),
    });
  };

  const collector = version('otelCollector');
  const lokiBinary = `loki-${os}-${arch}${exe}`;
  const k6System = os === 'darwin' ? 'macos' : os;
  const k6Archive = zipOn('windows', 'darwin');
  const k6Base = `k6-v${version('k6')}-${k6System}-${arch}`;
  const grafanaFile = `grafana-${version('grafana')}.${os}-${arch}.${zipOn('windows')}`;
  const grafanaUrl = `${at(GRAFANA_DOWNLOADS)}/oss/release/${grafanaFile}`;

  const all: readonly Release[] = [
    ofPrometheus('prometheus', ['prometheus', 'promtool']),
    ofPrometheus('alertmanager', ['alertmanager', 'amtool']),
    // Contrib: the core distribution lacks what the configuration uses.
    onGitHub({
      name: 'otel-collector',
      repository: 'open-telemetry/opentelemetry-collector-releases',
      version: collector,
      file: `otelcol-contrib_${collector}_${os}_${arch}.tar.gz`,
      checksums: 'opentelemetry-collector-releases_otelcol-contrib_checksums.txt',
      archive: 'tar.gz',
      files: { otelcol: `otelcol-contrib${exe}` },
    }),
    onGitHub({
      name: 'tempo',
      repository: 'grafana/tempo',
      version: version('tempo'),
      file: `tempo_${version('tempo')}_${os}_${arch}.tar.gz`,
      checksums: 'SHA256SUMS',
      archive: 'tar.gz',
      files: { tempo: `tempo${exe}` },
    }),
    onGitHub({
      name: 'loki',
      repository: 'grafana/loki',
      version: version('loki'),
      file: `${lokiBinary}.zip`,
      checksums: 'SHA256SUMS',
      archive: 'zip',
      files: { loki: lokiBinary },
    }),
    onGitHub({
      name: 'k6',
      repository: 'grafana/k6',
      version: version('k6'),
      file: `${k6Base}.${k6Archive}`,
      checksums: `k6-v${version('k6')}-checksums.txt`,
      archive: k6Archive,
      files: { k6: `${k6Base}/k6${exe}` },
    }),
    {
      name: 'grafana',
      version: version('grafana'),
      url: grafanaUrl,
      checksumsUrl: `${grafanaUrl}.sha256`,
      archive: zipOn('windows'),
      files: undefined,
    },
  ];
  return new Map(all.map((release) => [release.name, release]));
}
