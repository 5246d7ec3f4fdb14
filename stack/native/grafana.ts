import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Settings } from '../settings.ts';

export interface FoundGrafana {
  readonly command: string;
  /** Its home, with conf/ and public/; undefined where the binary knows it by itself. */
  readonly home: string | undefined;
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Grafana is in no package registry, so the native engine takes the host's: GRAFANA_HOME, else `grafana` on the PATH. */
export async function findGrafana(
  settings: Settings,
  path: string,
): Promise<{ found: FoundGrafana | undefined; note: string }> {
  if (settings.grafanaHome) {
    const command = join(settings.grafanaHome, 'bin', 'grafana');
    if (!executable(command))
      throw new Error(`GRAFANA_HOME: expected an executable ${command}, there is none`);
    return { found: { command, home: settings.grafanaHome }, note: `Grafana: ${command}` };
  }
  const folder = path.split(delimiter).find((each) => each && executable(join(each, 'grafana')));
  if (folder) {
    // Debian's and Homebrew's packages keep the home here.
    const home = ['/usr/share/grafana', '/opt/homebrew/share/grafana'].find((each) =>
      executable(join(each, 'public')),
    );
    return { found: { command: join(folder, 'grafana'), home }, note: `Grafana: ${join(folder, 'grafana')}` };
  }
  return {
    found: undefined,
    note: 'Grafana: none on the PATH and no GRAFANA_HOME, so no dashboards here; everything else starts. (grafana.com/grafana/download)',
  };
}
