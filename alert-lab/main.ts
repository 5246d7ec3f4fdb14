import { resolve } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { findBinary } from '@aiops-sre/slo/checking/promtool.ts';
import { labCommand } from './command.ts';

const typedIn = process.env.npm_lifecycle_event === 'lab' ? process.env.INIT_CWD : undefined;

const interrupted = abortOnSignal();

process.exitCode = await labCommand(process.argv.slice(2), {
  repository: resolve(import.meta.dirname, '..'),
  workingFolder: typedIn ?? process.cwd(),
  prometheus: process.env.PROMETHEUS || findBinary('prometheus', process.env.PATH),
  promtool: process.env.PROMTOOL || findBinary('promtool', process.env.PATH),
  environment: process.env,
  signal: interrupted.signal,
  out: (line) => print(line),
  err: (line) => printError(line),
});
