/** `npm run -s report -- week`: how well incidents were found and dealt with. */

import { join } from 'node:path';
import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { reportCommand } from './command.ts';

const root = join(import.meta.dirname, '..', '..');
const { responderUrl } = orExit(() => platformAddresses(root, process.env), 2);

process.exitCode = await reportCommand(process.argv.slice(2), {
  responderUrl,
  out: (text) => print(text),
  err: (text) => printError(text),
});
