import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ajv } from 'ajv';

const PATH = '/repos/{owner}/{repo}/dispatches';
const description = JSON.parse(
  readFileSync(join(import.meta.dirname, 'create-dispatch-event.openapi.json'), 'utf8'),
);
const operation = description.paths[PATH].post;
// OpenAPI 3.0 adds words to JSON Schema (nullable, example) that ajv calls unknown in strict mode.
const acceptable = new Ajv({ strict: false, allErrors: true }).compile(
  operation.requestBody.content['application/json'].schema,
);

export interface ReceivedDispatch {
  readonly event_type: string;
  readonly client_payload: Record<string, unknown>;
}

/** How the next request is answered instead of by the API's rules. */
type FakeAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'hang'
  | 'reset';

export interface FakeGitHub {
  readonly apiUrl: string;
  /** Events taken, oldest first. */
  readonly dispatches: readonly ReceivedDispatch[];
  /** What was wrong with requests by GitHub's own description of the operation. */
  readonly violations: readonly string[];
  readonly requests: number;
  answerNext(...answers: readonly FakeAnswer[]): void;
  close(): Promise<void>;
}

/** GitHub's API as far as repository_dispatch goes: checks each request against GitHub's published OpenAPI description. */
export async function startFakeGitHub(options: {
  readonly repository: string;
  readonly token: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly onDispatch?: (dispatch: ReceivedDispatch) => void;
}): Promise<FakeGitHub> {
  const dispatches: ReceivedDispatch[] = [];
  const violations: string[] = [];
  const scripted: FakeAnswer[] = [];
  let requests = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1;
    const text = await readAll(request);
    const next = scripted.shift();
    if (next === 'hang') return;
    if (next === 'reset') return void request.socket.resetAndDestroy();
    if (next !== undefined) return send(response, next.status, next.body, next.headers);
    const problem = (status: number, message: string) => {
      violations.push(`${status} ${message}`);
      send(response, status, { message, documentation_url: operation.externalDocs.url });
    };
    if (!request.headers['user-agent']) return problem(403, 'Request forbidden by administrative rules');
    if (!/^(token|bearer) /i.test(request.headers.authorization ?? ''))
      return problem(401, 'Requires authentication');
    if (request.headers.authorization?.replace(/^\S+ /, '') !== options.token)
      return problem(401, 'Bad credentials');
    if (request.method !== 'POST' || request.url !== `/repos/${options.repository}/dispatches`)
      return problem(404, `Not Found: ${request.method} ${request.url}`);
    if (!/^application\/(vnd\.github(\.v3)?\+)?json/.test(request.headers.accept ?? ''))
      return problem(415, `Unsupported Accept: ${request.headers.accept}`);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return problem(400, 'Problems parsing JSON');
    }
    if (!acceptable(body))
      return problem(
        422,
        `Invalid request. ${acceptable.errors?.map((error) => `${error.instancePath} ${error.message}`).join('; ')}`,
      );
    if (Buffer.byteLength(JSON.stringify((body as ReceivedDispatch).client_payload ?? {})) >= 65_536)
      return problem(422, 'client_payload is too large');
    const dispatch = { client_payload: {}, ...(body as object) } as ReceivedDispatch;
    dispatches.push(dispatch);
    options.onDispatch?.(dispatch);
    send(response, 204);
  }

  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dispatches,
    violations,
    get requests() {
      return requests;
    },
    answerNext: (...answers) => void scripted.push(...answers),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  response: ServerResponse,
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
