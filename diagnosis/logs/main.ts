/** `npm run -s logs -- templates`: which lines recur, which of them are new, have become more or are gone. */

import { join } from 'node:path';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { logsCommand } from './command.ts';

process.exitCode = await logsCommand(process.argv.slice(2), {
  lokiUrl: platformAddresses(join(import.meta.dirname, '..', '..'), process.env).lokiUrl,
  nowSeconds: Date.now() / 1000,
  out: (text) => print(text),
  err: (text) => printError(text),
});
