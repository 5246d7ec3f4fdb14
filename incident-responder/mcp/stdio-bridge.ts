import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  InitializeResultSchema,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
} from '@modelcontextprotocol/sdk/types.js';

/** JSON-RPC's own range for what a server defines. */
const NOT_REACHED = -32_000;

/** Hands messages on between standard input and output and the responder's /mcp: what there is to know, one process knows. */
export async function bridge({
  url,
  token,
}: {
  readonly url: string;
  readonly token: string;
}): Promise<void> {
  const assistant = new StdioServerTransport();
  const responder = new StreamableHTTPClientTransport(new URL('/mcp', url), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  });
  // The SDK's types know no exactOptionalPropertyTypes.
  const towards = responder as Transport;
  assistant.onmessage = async (message) => {
    try {
      await towards.send(message);
    } catch (error) {
      if (!isJSONRPCRequest(message)) return;
      const reason = `the incident responder at ${url} does not answer: ${(error as Error).message}`;
      await assistant.send({
        jsonrpc: '2.0',
        id: message.id,
        error: { code: NOT_REACHED, message: reason.slice(0, 500) },
      });
    }
  };
  towards.onmessage = (message) => {
    const begun = isJSONRPCResultResponse(message)
      ? InitializeResultSchema.safeParse(message.result)
      : undefined;
    if (begun?.success) responder.setProtocolVersion(begun.data.protocolVersion);
    void assistant.send(message);
  };
  await towards.start();
  await assistant.start();
}
