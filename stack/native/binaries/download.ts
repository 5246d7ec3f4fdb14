import { open, rename, rm, stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { fileDigest } from '@aiops-sre/service-kit/files/file-digest.ts';
import axios, { type AxiosResponse, isAxiosError } from 'axios';
import pRetry, { AbortError } from 'p-retry';

export interface DownloadLimits {
  /** Of a whole file. Grafana's archive, the largest, has some 200 MB. */
  readonly maxBytes: number;
  /** Without a byte, also before the first. */
  readonly idleTimeoutMs: number;
  /** Of one file with all its attempts. */
  readonly totalTimeoutMs: number;
  /** Attempts after the first, each of which goes on where the one before was cut off. */
  readonly retries: number;
  readonly retryAfterMs: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = {
  maxBytes: 600 * 1024 ** 2,
  idleTimeoutMs: 20_000,
  totalTimeoutMs: 15 * 60_000,
  retries: 4,
  retryAfterMs: 500,
};

/** No attempt on the same host has a chance: no network, no name, nobody listens. */
export class HostUnreachable extends Error {
  override name = 'HostUnreachable';
}

const UNREACHABLE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
]);

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** GET, from a byte on; fails for good where trying again is of no use. */
async function ask(url: string, from: number, signal: AbortSignal): Promise<AxiosResponse> {
  let response: AxiosResponse;
  try {
    response = await axios.get(url, {
      responseType: 'stream',
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      decompress: false,
      maxRedirects: 5,
      validateStatus: () => true,
      signal,
    });
  } catch (error) {
    if (isAxiosError(error) && UNREACHABLE.has(error.code ?? ''))
      throw new AbortError(
        new HostUnreachable(`${new URL(url).host} cannot be reached: ${error.code}`, { cause: error }),
      );
    throw error;
  }
  const { status } = response;
  if (status === 200 || status === 206 || status === 416) return response;
  response.data.destroy();
  const problem = new Error(`${url} answered ${status}`);
  throw status >= 500 || status === 429 || status === 408 ? problem : new AbortError(problem);
}

/** One attempt, which goes on behind what `part` has already. */
async function attempt(options: {
  readonly url: string;
  readonly part: string;
  readonly limits: DownloadLimits;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number, expected: number | undefined) => void;
}): Promise<void> {
  const { url, part, limits, signal, onBytes } = options;
  const idle = new AbortController();
  const stalled = () =>
    idle.abort(new Error(`${url}: nothing came for ${Math.round(limits.idleTimeoutMs / 1000)} s`));
  let timer = setTimeout(stalled, limits.idleTimeoutMs);
  const either = AbortSignal.any([signal, idle.signal]);
  try {
    const had = await sizeOf(part);
    const response = await ask(url, had, either);
    if (response.status === 416) {
      response.data.destroy();
      await rm(part, { force: true });
      throw new Error(`${url}: cannot be resumed after ${had} bytes`);
    }
    // A server that does not resume sends all of it again.
    const from =
      response.status === 206 && String(response.headers['content-range'] ?? '').startsWith(`bytes ${had}-`)
        ? had
        : 0;
    const length = Number(response.headers['content-length']);
    const expected = Number.isFinite(length) && length > 0 ? from + length : undefined;
    const tooLarge = () =>
      new AbortError(`${url}: more than ${Math.round(limits.maxBytes / 1024 ** 2)} MB, which no release has`);
    if (expected !== undefined && expected > limits.maxBytes) {
      response.data.destroy();
      throw tooLarge();
    }
    let bytes = from;
    addAbortSignal(either, response.data);
    // Each chunk is on disk before the next is read: what came before a connection broke off is not fetched again.
    const written = await open(part, from > 0 ? 'a' : 'w');
    try {
      for await (const chunk of response.data as AsyncIterable<Buffer>) {
        clearTimeout(timer);
        timer = setTimeout(stalled, limits.idleTimeoutMs);
        bytes += chunk.length;
        if (bytes > limits.maxBytes) throw tooLarge();
        await written.writeFile(chunk);
        onBytes(bytes, expected);
      }
    } finally {
      await written.close();
    }
    if (expected !== undefined && bytes !== expected)
      throw new Error(`${url}: ${bytes} bytes came of ${expected}`);
  } catch (error) {
    if (idle.signal.aborted && !signal.aborted) throw idle.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Loads `url` into `file`, which appears once it is whole and its digest is `sha256`. Interrupted, it leaves `file.part`
 * behind, and the next call goes on with it.
 *
 * @param options.sha256 hexadecimal.
 * @throws HostUnreachable, or Error that says what came instead.
 */
export async function download(options: {
  readonly url: string;
  readonly file: string;
  readonly sha256: string;
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
  readonly onBytes?: (bytes: number, expected: number | undefined) => void;
}): Promise<void> {
  const { url, file, limits = DOWNLOAD_LIMITS, onBytes = () => {} } = options;
  const part = `${file}.part`;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(limits.totalTimeoutMs)]);
  // What was resumed may have been of something else: then all of it once more.
  for (let resumed = (await sizeOf(part)) > 0; ; resumed = false) {
    await withRetries(limits, signal, () => attempt({ url, part, limits, signal, onBytes }));
    const found = await fileDigest(part);
    if (found === options.sha256) return await rename(part, file);
    await rm(part, { force: true });
    if (!resumed) throw new Error(`${url}: expected SHA-256 ${options.sha256}, got ${found}`);
  }
}

const MAX_CHECKSUMS_BYTES = 1024 ** 2;
const SHA256 = /^[0-9a-f]{64}$/i;

/**
 * The SHA-256 of a file by the checksum file of its release.
 *
 * @throws HostUnreachable, or Error where there is none.
 */
export async function releasedChecksum(options: {
  readonly url: string;
  readonly file: string;
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
}): Promise<string> {
  const { url, file, signal, limits = DOWNLOAD_LIMITS } = options;
  const text = await withRetries(limits, signal, async () => {
    const response = await ask(url, 0, AbortSignal.any([signal, AbortSignal.timeout(limits.idleTimeoutMs)]));
    let found = '';
    for await (const chunk of response.data) {
      found += chunk;
      if (found.length > MAX_CHECKSUMS_BYTES) throw new AbortError(`${url}: more than a list of checksums`);
    }
    return found;
  });
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  // `*` marks binary files in sha256sum's lists.
  const line =
    lines.find(([, name]) => name?.replace(/^(\*|\.\/)+/, '') === file) ??
    (lines.length <= 2 && lines[0]?.length === 1 ? lines[0] : undefined);
  const [digest = ''] = line ?? [];
  if (!SHA256.test(digest)) throw new Error(`${url}: has no SHA-256 of ${file}`);
  return digest.toLowerCase();
}

function withRetries<T>(limits: DownloadLimits, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return pRetry(work, {
    retries: limits.retries,
    minTimeout: limits.retryAfterMs,
    signal,
    shouldRetry: ({ error }) => !signal.aborted && (error as NodeJS.ErrnoException).code !== 'ENOSPC',
  });
}
