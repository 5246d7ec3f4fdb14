import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { homeFolder } from '@aiops-sre/service-kit/home/home.ts';
import { endpoint, platformPorts, platformVariables } from '@aiops-sre/service-kit/platform/ports.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { findPromtool } from './checking/promtool.ts';
import { sloCommand } from './command/command.ts';

// npm runs scripts in the package's folder; file names are meant relative to where the command was typed.
const typedIn = process.env.npm_lifecycle_event === 'slo' ? process.env.INIT_CWD : undefined;

const repository = resolve(import.meta.dirname, '..');
const variables = platformVariables(repository, process.env);
const platform = { ports: platformPorts(variables) };

/** A command of its own: what runs is not this room's to know. */
async function applyHome(): Promise<string> {
  const command = join(repository, 'stack', 'home', 'main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'apply'], { cwd: repository });
  return stdout.trim();
}

process.exitCode = await sloCommand(process.argv.slice(2), {
  workingFolder: typedIn ?? process.cwd(),
  repository,
  promtool: findPromtool(process.env),
  prometheus: endpoint(platform, 'prometheus'),
  responder: endpoint(platform, 'incidentResponder'),
  windowsFile: process.env.SLO_WINDOWS,
  home: homeFolder(repository, variables.values),
  applyHome,
  out: (line) => print(line),
  err: (line) => printError(line),
});
