import { resolve } from 'node:path';
import { endpoint, platformPorts, platformVariables } from '@aiops-sre/service-kit/platform/ports.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { findPromtool } from './checking/promtool.ts';
import { sloCommand } from './command/command.ts';

// npm runs scripts in the package's folder; file names are meant relative to where the command was typed.
const typedIn = process.env.npm_lifecycle_event === 'slo' ? process.env.INIT_CWD : undefined;

const repository = resolve(import.meta.dirname, '..');
const platform = { ports: platformPorts(platformVariables(repository, process.env)) };

process.exitCode = await sloCommand(process.argv.slice(2), {
  workingFolder: typedIn ?? process.cwd(),
  repository,
  promtool: findPromtool(process.env),
  prometheus: endpoint(platform, 'prometheus'),
  responder: endpoint(platform, 'incidentResponder'),
  windowsFile: process.env.SLO_WINDOWS,
  out: (line) => print(line),
  err: (line) => printError(line),
});
