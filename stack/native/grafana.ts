import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { fetchSaying, releasesHere } from './binaries/provide.ts';
import { cachedRelease, type ReleaseFetcher } from './binaries/released.ts';

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

const inHome = (home: string): FoundGrafana => ({ command: join(home, 'bin', 'grafana'), home });

/**
 * A Grafana that is here already: GRAFANA_HOME, else `grafana` on the PATH, else the release in the cache.
 *
 * @throws Error where GRAFANA_HOME has none.
 */
export function findGrafana(settings: Settings, path: string): FoundGrafana | undefined {
  if (settings.grafanaHome) {
    const found = inHome(settings.grafanaHome);
    if (!executable(found.command))
      throw new Error(`GRAFANA_HOME: expected an executable ${found.command}, there is none`);
    return found;
  }
  const folder = path.split(delimiter).find((each) => each && executable(join(each, 'grafana')));
  if (folder) {
    // Debian's and Homebrew's packages keep the home here.
    const home = ['/usr/share/grafana', '/opt/homebrew/share/grafana'].find((each) =>
      executable(join(each, 'public')),
    );
    return { command: join(folder, 'grafana'), home };
  }
  const cached = cachedRelease(settings, releasesHere(settings).get('grafana'));
  return cached ? inHome(cached) : undefined;
}

/**
 * {@link findGrafana}, else the official release, which is fetched into the cache. It is in no package registry to be built
 * from, and all else works without: where there is none, that is said.
 */
export async function provideGrafana(options: {
  readonly settings: Settings;
  readonly path: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly fetcher: ReleaseFetcher;
}): Promise<FoundGrafana | undefined> {
  const { settings, path, progress, signal, fetcher } = options;
  const found = findGrafana(settings, path);
  if (found) return found;
  const release = releasesHere(settings).get('grafana');
  const result = release && (await fetchSaying({ fetcher, release, progress, signal }));
  if (result && 'folder' in result) return inHome(result.folder);
  progress.note(
    `Grafana: none on the PATH, no GRAFANA_HOME, and no official release${result ? ` (${result.why})` : ' for this host'}, so no dashboards here; everything else starts.`,
  );
  return undefined;
}
