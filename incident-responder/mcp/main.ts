/** `npm run -s mcp`: the Model Context Protocol over standard input and output, for assistants that start a command. */

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { type Environment, readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import { token } from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';
import { bridge } from './stdio-bridge.ts';

const root = join(import.meta.dirname, '..', '..');

/** The responder of this checkout, or another one, and the token that opens its /mcp. */
function settings(environment: Environment) {
  const file = join(resolve(root, environment.AIOPS_DATA_DIR || '.data'), 'secrets', 'mcp-token');
  const { MCP_TOKEN } = readEnvironment(z.object({ MCP_TOKEN: token.optional() }), environment);
  const secret = MCP_TOKEN ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
  if (secret === undefined)
    throw new Error(
      `environment: MCP_TOKEN or MCP_TOKEN_FILE: expected the token, got neither, and ${file} is not there (npm start makes it)`,
    );
  return { url: platformAddresses(root, environment).responderUrl, token: secret };
}

await bridge(orExit(() => settings(process.env), 1));
