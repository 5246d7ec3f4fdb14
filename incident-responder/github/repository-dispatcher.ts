import { DispatchError } from './dispatch-error.ts';
import { checkDispatchRequest, type DispatchRequest } from './dispatch-request.ts';
import type { GitHubSettings } from './github-settings.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 120_000;
const RETRIES = 3;
const MAX_RATE_LIMIT_WAIT_SECONDS = 60;

interface DispatchReceipt {
  readonly repository: string;
  readonly eventType: string;
  /** Requests made until GitHub took the event. */
  readonly attempts: number;
}

export interface RepositoryDispatcher {
  /**
   * Sends a repository_dispatch event. Tries again after connection errors, timeouts and 5xx (three times, 1, 4 and 9 s
   * apart), and once a rate limit has passed if that takes a minute at most; a refusal (401, 403, 404, 422) is final.
   * An attempt that timed out may have arrived all the same: what listens has to bear an event twice.
   *
   * @throws {DispatchError} with GitHub's status and message; the token is in none of it.
   * @throws Error where the request breaks GitHub's limits; nothing was sent then.
   */
  dispatch(request: DispatchRequest, signal?: AbortSignal): Promise<DispatchReceipt>;
}

export interface RepositoryDispatcherOptions extends GitHubSettings {
  readonly requestTimeoutMs?: number;
  readonly totalTimeoutMs?: number;
  /** What Octokit takes for a second between attempts; tests take less. */
  readonly retrySecondMs?: number;
}

/** Loaded at the first event: most processes never send one. */
async function loadOctokit() {
  const [{ Octokit }, { retry }, { throttling }] = await Promise.all([
    import('@octokit/core'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ]);
  return Octokit.plugin(retry, throttling);
}

export function createRepositoryDispatcher(options: RepositoryDispatcherOptions): RepositoryDispatcher {
  const { apiUrl, owner, repository, token } = options;
  const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const totalTimeoutMs = options.totalTimeoutMs ?? TOTAL_TIMEOUT_MS;
  const secondMs = options.retrySecondMs ?? 1000;
  const waitsFor = (retryAfterSeconds: number, retryCount: number) =>
    retryCount < 1 && retryAfterSeconds <= MAX_RATE_LIMIT_WAIT_SECONDS;

  return {
    async dispatch(request, signal) {
      const { eventType, payload } = checkDispatchRequest(request);
      let attempts = 0;
      const DispatchOctokit = await loadOctokit();
      const octokit = new DispatchOctokit({
        auth: token,
        baseUrl: apiUrl,
        userAgent: 'aiops-sre-incident-responder',
        // Octokit's messages name addresses and headers; what matters is in the error.
        log: { debug() {}, info() {}, warn() {}, error() {} },
        request: {
          fetch: (url: string, init: RequestInit) => {
            attempts += 1;
            const timeout = AbortSignal.timeout(requestTimeoutMs);
            return fetch(url, {
              ...init,
              signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
            });
          },
        },
        // 429 is the throttling plugin's.
        retry: {
          retries: RETRIES,
          retryAfterBaseValue: secondMs,
          doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451],
        },
        throttle: {
          id: `${apiUrl}/${owner}/${repository}`,
          retryAfterBaseValue: secondMs,
          onRateLimit: (after, _options, _octokit, count) => waitsFor(after, count),
          onSecondaryRateLimit: (after, _options, _octokit, count) => waitsFor(after, count),
        },
      });

      // Octokit's waits between attempts know no signal, so the whole is raced against one; later attempts see it too.
      const stop = new AbortController();
      const timer = setTimeout(
        () => stop.abort(new DOMException(`no answer within ${totalTimeoutMs} ms`, 'AbortError')),
        totalTimeoutMs,
      );
      const ended = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      const aborted = Promise.withResolvers<never>();
      const onAbort = () => aborted.reject(ended.reason);
      if (ended.aborted) onAbort();
      ended.addEventListener('abort', onAbort, { once: true });
      try {
        const sent = octokit.request('POST /repos/{owner}/{repo}/dispatches', {
          owner,
          repo: repository,
          event_type: eventType,
          client_payload: payload,
          headers: { 'x-github-api-version': '2022-11-28' },
          request: { signal: ended },
        });
        await Promise.race([sent, aborted.promise]);
        return { repository: `${owner}/${repository}`, eventType, attempts };
      } catch (error) {
        throw new DispatchError({ repository: `${owner}/${repository}`, eventType, attempts, error });
      } finally {
        clearTimeout(timer);
        ended.removeEventListener('abort', onAbort);
      }
    },
  };
}
