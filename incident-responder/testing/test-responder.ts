import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { GitHubSettings } from '../github/github-settings.ts';
import { startResponder } from '../responder.ts';
import type { ResponseSettings } from '../response-settings.ts';

export const TEST_TOKEN = 'a-token-only-for-tests';
export const TEST_OPERATOR_TOKEN = 'an-operator-of-tests-only';
export const TEST_MCP_TOKEN = 'an-assistant-of-tests-only';

/** The fields of the responder's JSON answers that tests look at; which are there depends on the path. */
export interface Answer {
  readonly notifications: readonly { readonly receivedAt: string }[];
  readonly next: number | null;
  readonly alerts: readonly unknown[];
  readonly reasons: readonly string[];
  readonly ready: boolean;
  readonly watchdog: { readonly lastHeardAt: string | null };
  readonly error: string;
}

export interface TestResponder {
  readonly url: string;
  readonly dataDir: string;
  /** Lines the responder logged so far. */
  readonly logged: readonly string[];
  /** Posts to the webhook with the right token; a string is sent as it is. */
  deliver(body: unknown, headers?: Record<string, string>): Promise<Response>;
  getJson(path: string): Promise<Answer>;
  /** Value of one metric series, as it is written in the exposition. */
  metric(series: string): Promise<number | undefined>;
  close(): Promise<void>;
}

/** A real responder on a free port, and a data folder that `close` removes unless `keepData`. */
export async function startTestResponder(
  options: {
    readonly dataDir?: string;
    readonly keepData?: boolean;
    readonly runbooksDir?: string;
    readonly watchdogTimeoutMs?: number;
    readonly response?: Partial<ResponseSettings>;
    readonly gitHub?: GitHubSettings;
    readonly webhookToken?: string | undefined;
  } = {},
): Promise<TestResponder> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'incident-responder-'));
  const logged: string[] = [];
  const responder = await startResponder({
    configuration: {
      host: '127.0.0.1',
      port: 0,
      dataDir,
      runbooksDir: options.runbooksDir ?? join(dataDir, 'no-runbooks'),
      webhookToken: 'webhookToken' in options ? options.webhookToken : TEST_TOKEN,
      operatorToken: TEST_OPERATOR_TOKEN,
      mcpToken: TEST_MCP_TOKEN,
      watchdogTimeoutMs: options.watchdogTimeoutMs ?? 180_000,
      retentionMs: 86_400_000,
      gitHub: options.gitHub,
      response: {
        // Nobody listens there.
        prometheusUrl: 'http://127.0.0.1:9',
        alertmanagerUrl: 'http://127.0.0.1:9',
        flagsFile: join(dataDir, 'no-flags.json'),
        actionsDir: join(import.meta.dirname, '..', 'actions'),
        alertMappingFile: join(import.meta.dirname, '..', 'alert-mapping.yaml'),
        evidenceFile: join(import.meta.dirname, '..', 'evidence', 'queries.yaml'),
        restartableInstances: new Map(),
        restartToken: undefined,
        dispatchDryRun: false,
        publicUrl: 'http://127.0.0.1:8091',
        ...options.response,
      },
    },
    log: pino({ level: 'debug' }, { write: (line) => void logged.push(line) }),
  });
  return {
    url: responder.url,
    dataDir,
    logged,
    deliver: (body, headers = {}) =>
      fetch(`${responder.url}/webhook/alertmanager`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${TEST_TOKEN}`,
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    getJson: async (path) => (await (await fetch(responder.url + path)).json()) as Answer,
    async metric(series) {
      const exposition = await (await fetch(`${responder.url}/metrics`)).text();
      const line = exposition.split('\n').find((candidate) => candidate.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
    async close() {
      await responder.close();
      if (options.keepData !== true) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
