import { findPostgres } from '@aiops-sre/service-kit/postgres/find-postgres.ts';
import { serverUser } from '@aiops-sre/service-kit/postgres/server-user.ts';
import { execa } from 'execa';
import { requireGo } from '../native/binaries/build.ts';
import { presentBinaries, releasesHere } from '../native/binaries/provide.ts';
import { recipes } from '../native/binaries/recipes.ts';
import { findGrafana } from '../native/grafana.ts';
import type { Settings } from '../settings.ts';
import type { StatusReport } from '../status/status-report.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const ANSWER_TIMEOUT_MS = 10_000;

export function checkNode(pinned: string, running: string): Finding {
  return running === pinned
    ? ok('node', running)
    : warning('node', `${running}, expected ${pinned}`, 'Run it by npm, which takes the pinned one first');
}

/** Versions of Docker and Compose, or what is missing. Pulls nothing. */
async function dockerFinding(root: string, signal: AbortSignal): Promise<Finding> {
  const ask = (args: readonly string[]) =>
    execa('docker', args, { cwd: root, timeout: ANSWER_TIMEOUT_MS, reject: false, cancelSignal: signal });
  const engine = await ask(['version', '--format', '{{.Server.Version}}']);
  const missing = (found: string) =>
    warning('engine compose', found, 'Without it npm start takes the native engine');
  if (engine.failed)
    return missing(engine.code === 'ENOENT' ? 'there is no docker command' : 'no Docker engine answers');
  const plugin = await ask(['compose', 'version', '--short']);
  if (plugin.failed) return missing('docker has no compose plugin');
  return ok('engine compose', `Docker ${engine.stdout.trim()}, Compose ${plugin.stdout.trim()}`);
}

async function nativeFinding(settings: Settings, path: string, signal: AbortSignal): Promise<Finding> {
  const wanted = recipes(settings.versions);
  const present = await Promise.all(wanted.map((recipe) => presentBinaries(settings, recipe, path)));
  const missing = wanted
    .filter((_, index) => !present[index])
    .map(({ name, version }) => `${name} ${version}`);
  const grafana = findGrafana(settings, path) ? [] : ['Grafana'];
  const major = Number.parseInt(settings.versions.postgres, 10);
  const postgres = findPostgres({ path, major, user: serverUser() }) ? [] : ['PostgreSQL, and so the demo'];
  const lacking = [...grafana, ...postgres];
  const but = lacking.length > 0 ? `, but for ${lacking.join(' and ')}` : '';
  if (missing.length === 0) return ok('engine native', `all binaries are here${but}`);
  const found = `still to be had: ${missing.join(', ')}`;
  const cure = 'npm start fetches or builds them; a mirror: AIOPS_RELEASES_URL';
  if (releasesHere(settings).size > 0) return warning('engine native', found, cure);
  return requireGo(signal).then(
    () => warning('engine native', found, cure),
    (error: Error) => problem('engine native', `${found}, and ${error.message}`, 'Docker, a mirror, or Go'),
  );
}

/** Each engine; that neither can be had is the one problem here. */
export async function checkEngines(settings: Settings, path: string, signal: AbortSignal) {
  const [compose, native] = await Promise.all([
    dockerFinding(settings.root, signal),
    nativeFinding(settings, path, signal),
  ]);
  // One of the two is enough.
  if (native.state === 'ok' && compose.state === 'warning')
    return [ok(compose.check, `${compose.found}; npm start takes the native engine`), native];
  if (compose.state === 'ok' && native.state === 'problem')
    return [compose, warning(native.check, native.found, native.cure ?? '')];
  return [compose, native];
}

/** Components that do not what they are there for, alerts that fire, and a state that somebody has to end. */
export function checkComponents(report: StatusReport | undefined): readonly Finding[] {
  if (!report) return [ok('components', 'nothing runs')];
  const { components = [], alerts } = report;
  const unwell = components.flatMap(({ name, state, ready, crashes }) => {
    if (state === 'unwatched')
      return [warning('components', `${name} runs unwatched`, 'npm start takes it over')];
    if (state !== 'running' || !ready)
      return [
        problem(
          'components',
          `${name} is ${state}, and not ready`,
          `.data/logs/${name}.log says why; npm stop && npm start`,
        ),
      ];
    return crashes > 0
      ? [
          warning(
            'components',
            `${name} ended ${crashes} times`,
            `.data/logs/${name}.log has what it said at its end`,
          ),
        ]
      : [];
  });
  const short = alerts?.some(({ labels }) => labels.alertname === 'RetentionCutShort');
  return [
    ...(unwell.length > 0 ? unwell : [ok('components', `${report.engine} engine, all ready`)]),
    ...(short
      ? [
          warning(
            'retention',
            'Prometheus’ size limit cuts the period of SLOs short',
            'docs/runbooks/RetentionCutShort.md',
          ),
        ]
      : []),
  ];
}
