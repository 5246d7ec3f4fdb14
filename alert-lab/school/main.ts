import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { learnCommand } from './learn-command.ts';

const interrupted = abortOnSignal({ signals: ['SIGINT', 'SIGTERM', 'SIGHUP'] });

const typedIn = process.env.npm_lifecycle_event === 'learn' ? process.env.INIT_CWD : undefined;

const lines: string[] = [];
const input = createInterface({ input: process.stdin });
input.on('line', (line) => void lines.push(line));

process.exitCode = await learnCommand(process.argv.slice(2), {
  repository: resolve(import.meta.dirname, '..', '..'),
  workingFolder: typedIn ?? process.cwd(),
  environment: process.env,
  signal: interrupted.signal,
  typed: () => lines.splice(0),
  out: (line) => print(line),
  err: (line) => printError(line),
});
input.close();
