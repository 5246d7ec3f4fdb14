import { diagnoseCommand } from './command.ts';
import { readSettings } from './settings.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    abort.abort();
    process.exit(130);
  });
try {
  process.exitCode = await diagnoseCommand(process.argv.slice(2), {
    settings: readSettings(process.env),
    nowSeconds: Date.now() / 1000,
    signal: abort.signal,
    out: (text) => console.log(text),
    err: (text) => console.error(text),
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
