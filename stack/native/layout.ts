import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TakenInFolders } from '../home/take-in.ts';
import type { Settings } from '../settings.ts';

/** sun_path holds 104 bytes on macOS and 108 on Linux, a final NUL among them. */
const LONGEST_SOCKET_PATH = 100;

/** Where the native engine keeps things, below the data folder. */
export interface Layout {
  /** Configuration as the components see it: links into the checkout, addresses written beside them. */
  readonly configDir: string;
  /** What is shipped with what the home folder adds, for each component that reads it. */
  readonly takenIn: TakenInFolders;
  readonly logDir: string;
  readonly runDir: string;
  readonly secretsDir: string;
  /** Each component's data: `data(NAME)`. */
  data(component: string): string;
  /** Flags of the demo application. */
  readonly flagsFile: string;
  /** In its place where there is neither the demo nor a home with flags. */
  readonly noFlagsFile: string;
  readonly socketPath: string;
  /** Of a backend that only the guard reaches; the backend adds `:PORT`. */
  backendSocket(component: string): string;
  readonly recordsFile: string;
  readonly supervisorSpecFile: string;
  readonly stateFile: string;
  /** Of the deployment of the storefront: versions for the next start, what is going on, and what has been. */
  readonly deployDir: string;
  /** The version that the storefront, or its canary, starts with next; absent until the first deployment. */
  versionFile(process: string): string;
  /** Prometheus' target of the canary: nothing while no deployment runs. */
  readonly canaryTargetFile: string;
}

export function layout(settings: Settings): Layout {
  const { dataDir } = settings;
  const runDir = join(dataDir, 'run');
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const fits = Buffer.byteLength(join(runDir, 'supervisor.sock')) <= LONGEST_SOCKET_PATH;
  const socketDir = fits ? runDir : join(tmpdir(), `aiops-${process.getuid?.() ?? 0}-${digest}`);
  const configDir = join(dataDir, 'config');
  const deployDir = join(dataDir, 'deploy');
  return {
    configDir,
    takenIn: {
      rules: join(configDir, 'prometheus', 'rules'),
      targets: join(configDir, 'prometheus', 'targets', 'my'),
      anomalyRules: join(configDir, 'anomaly-detector', 'rules'),
      actions: join(configDir, 'incident-responder', 'actions'),
      runbooks: join(configDir, 'incident-responder', 'runbooks'),
      dashboards: join(configDir, 'grafana', 'dashboards'),
      homeDashboards: join(configDir, 'grafana', 'my-dashboards'),
    },
    logDir: join(dataDir, 'logs'),
    runDir,
    secretsDir: join(dataDir, 'secrets'),
    data: (component) => join(dataDir, component),
    flagsFile: join(dataDir, 'flags', 'demo.flagd.json'),
    noFlagsFile: join(dataDir, 'flags', 'none.flagd.json'),
    socketPath: join(socketDir, 'supervisor.sock'),
    backendSocket: (component) => join(socketDir, `${component}.sock`),
    recordsFile: join(runDir, 'processes.json'),
    supervisorSpecFile: join(runDir, 'supervisor-spec.json'),
    stateFile: join(dataDir, 'state.json'),
    deployDir,
    versionFile: (process) => join(deployDir, `${process}-version`),
    canaryTargetFile: join(configDir, 'prometheus', 'targets', 'demo-app-canary.json'),
  };
}
