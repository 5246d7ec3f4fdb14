import { join } from 'node:path';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { diagnoseCommand } from './command.ts';

try {
  process.exitCode = await diagnoseCommand(process.argv.slice(2), {
    addresses: platformAddresses(join(import.meta.dirname, '..'), process.env),
    nowSeconds: Date.now() / 1000,
    out: (text) => console.log(text),
    err: (text) => console.error(text),
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
