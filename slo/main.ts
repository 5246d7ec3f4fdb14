import { resolve } from 'node:path';
import { findPromtool } from './checking/promtool.ts';
import { sloCommand } from './command/command.ts';

// npm runs scripts in the package's folder; file names are meant relative to where the command was typed.
const typedIn = process.env.npm_lifecycle_event === 'slo' ? process.env.INIT_CWD : undefined;

process.exitCode = await sloCommand(process.argv.slice(2), {
  workingFolder: typedIn ?? process.cwd(),
  repository: resolve(import.meta.dirname, '..'),
  promtool: findPromtool(process.env),
  prometheus: `http://127.0.0.1:${process.env.PROMETHEUS_PORT || 9090}`,
  responder: `http://127.0.0.1:${process.env.INCIDENT_RESPONDER_PORT || 8091}`,
  windowsFile: process.env.SLO_WINDOWS,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});
