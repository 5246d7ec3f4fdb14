import { join } from 'node:path';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { platformLogin } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { diagnoseCommand } from './command.ts';

const root = join(import.meta.dirname, '..');

try {
  process.exitCode = await diagnoseCommand(process.argv.slice(2), {
    addresses: platformAddresses(root, process.env),
    login: platformLogin(root, process.env),
    nowSeconds: Date.now() / 1000,
    out: (text) => print(text),
    err: (text) => printError(text),
  });
} catch (error) {
  printError((error as Error).message);
  process.exitCode = 2;
}
