import { bearerTokenCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { json, type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { createTools, type ToolSources } from './tools.ts';

export interface McpRoutesOptions {
  readonly token: string;
  readonly sources: ToolSources;
  readonly log: Logger;
}

/**
 * `POST /mcp`: the Model Context Protocol over streamable HTTP, without sessions: each request stands alone, and its answer is JSON.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
export function mcpRoutes({ token, sources, log }: McpRoutesOptions): Router {
  const router = Router();
  const isAuthorized = bearerTokenCheck(token);
  const tools = createTools(sources);
  // Loaded by the first who asks: a responder that no assistant asks needs no memory for it.
  const loading = lazily(async () => {
    const [{ createMcpServer, createToolCalls }, { StreamableHTTPServerTransport }] = await Promise.all([
      import('./mcp-server.ts'),
      import('@modelcontextprotocol/sdk/server/streamableHttp.js'),
    ]);
    return { createMcpServer, StreamableHTTPServerTransport, calls: createToolCalls({ log }) };
  });

  const guard: RequestHandler = (request, response, next) => {
    const origin = request.get('origin');
    if (origin !== undefined && hostOf(origin) !== request.get('host')) {
      response.status(403).json({ error: 'Origin: expected a page of this service' });
    } else if (!isAuthorized(request.get('authorization'))) {
      log.warn({ path: '/mcp' }, 'MCP token refused');
      response.status(401).set({ 'WWW-Authenticate': 'Bearer', Connection: 'close' });
      response.json({ error: 'the MCP token is required' });
    } else next();
  };
  router.use('/mcp', guard);
  router.post('/mcp', json({ limit: 64_000, inflate: false }), async (request, response) => {
    const { createMcpServer, StreamableHTTPServerTransport, calls } = await loading();
    const server = createMcpServer(tools, calls);
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void server.close());
    // The SDK's types know no exactOptionalPropertyTypes.
    await server.connect(transport as Transport);
    await transport.handleRequest(request, response, request.body);
  });
  router.all('/mcp', (_request, response) => {
    response.status(405).set('Allow', 'POST').json({ error: 'expected POST: there are no sessions here' });
  });
  return router;
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
