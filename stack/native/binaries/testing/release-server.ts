import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Platform, Release } from '../releases.ts';
import { releases } from '../releases.ts';
import { type Files, tarGz, zip } from './archives.ts';

/** What goes wrong with a file. */
type Fault =
  | { readonly kind: 'missing' }
  /** Other bytes than those the checksum is of. */
  | { readonly kind: 'corrupt' }
  /** The connection ends after this share of each answer; `times`: then no more. */
  | { readonly kind: 'cut'; readonly share: number; readonly times: number }
  /** Nothing after the first half, and the connection stays. */
  | { readonly kind: 'stall' }
  /** It says that it has this many bytes. */
  | { readonly kind: 'size'; readonly bytes: number }
  | { readonly kind: 'status'; readonly status: number; readonly times: number };

export interface ReleaseServer {
  readonly url: string;
  /** Paths asked for, with the first byte where it was not 0. */
  readonly asked: string[];
  publish(release: Release, archive: Buffer): void;
  /** An official-looking archive of shell scripts that tell their version, or what `content` gives. */
  publishScripts(release: Release, content?: (binary: string) => string): void;
  break(url: string, fault: Fault): void;
  close(): void;
}

/** The releases on a server, for a platform. */
export const releasesOn = (
  { url }: Pick<ReleaseServer, 'url'>,
  versions: Parameters<typeof releases>[0]['versions'],
  platform: Platform = { os: 'linux', arch: 'x64' },
) => releases({ versions, releasesUrl: url }, platform);

/** Files of a release whose binaries are scripts. */
export function scriptsOf(release: Release, content = versionScript(release)): Files {
  if (!release.files)
    return {
      [`${release.name}-${release.version}/bin/${release.name}`]: content(release.name),
      [`${release.name}-${release.version}/conf/defaults.ini`]: '',
    };
  return Object.fromEntries(Object.entries(release.files).map(([binary, path]) => [path, content(binary)]));
}

export const versionScript =
  ({ version }: Pick<Release, 'version'>) =>
  (binary: string) =>
    `#!/bin/sh\necho "${binary}, version ${version}"\n`;

/**
 * Serves archives and their lists of checksums under the paths of the real ones, with ranges, on 127.0.0.1: a mirror for
 * `AIOPS_RELEASES_URL`.
 */
export async function startReleaseServer(): Promise<ReleaseServer> {
  const archives = new Map<string, Buffer>();
  const checksums = new Map<string, string[]>();
  const faults = new Map<string, Fault>();
  const asked: string[] = [];

  function send(response: ServerResponse, body: Buffer, range: string | undefined, fault: Fault | undefined) {
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (from > 0 && from >= body.length) return response.writeHead(416).end();
    const rest = body.subarray(from);
    const length = fault?.kind === 'size' ? fault.bytes : rest.length;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` }),
    });
    if (fault?.kind === 'cut' && fault.times > 0)
      return response.write(rest.subarray(0, Math.ceil(rest.length * fault.share)), () => response.destroy());
    if (fault?.kind === 'stall') return response.write(rest.subarray(0, Math.ceil(rest.length / 2)));
    return response.end(rest);
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const { range } = request.headers;
    asked.push(range ? `${path} ${range}` : path);
    const fault = faults.get(path);
    const list = checksums.get(path);
    const body = archives.get(path);
    if (fault && 'times' in fault) faults.set(path, { ...fault, times: fault.times - 1 });
    if (fault?.kind === 'status' && fault.times > 0) response.writeHead(fault.status).end();
    else if (fault?.kind === 'missing') response.writeHead(404).end();
    else if (list) response.end(`${list.join('\n')}\n`);
    else if (body)
      send(
        response,
        fault?.kind === 'corrupt' ? Buffer.concat([body.subarray(0, -1), Buffer.from('!')]) : body,
        range,
        fault,
      );
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pathOf = (text: string) => new URL(text).pathname;

  const publish: ReleaseServer['publish'] = (release, archive) => {
    const path = pathOf(release.url);
    const digest = createHash('sha256').update(archive).digest('hex');
    archives.set(path, archive);
    const list = pathOf(release.checksumsUrl);
    const name = path.split('/').at(-1);
    // Grafana's own holds the digest alone.
    const line = list.endsWith('.sha256') ? digest : `${digest}  ${name}`;
    checksums.set(list, [...(checksums.get(list) ?? []).filter((each) => !each.endsWith(`  ${name}`)), line]);
  };
  return {
    url,
    asked,
    publish,
    publishScripts: (release, content) =>
      publish(release, (release.archive === 'zip' ? zip : tarGz)(scriptsOf(release, content))),
    break: (broken, fault) => void faults.set(pathOf(broken), fault),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
