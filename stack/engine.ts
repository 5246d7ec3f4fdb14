import { composeAvailability } from './compose/docker.ts';
import { requireGo } from './native/binaries/build.ts';
import { presentBinaries, releasesHere } from './native/binaries/provide.ts';
import { recipes } from './native/binaries/recipes.ts';
import type { Settings } from './settings.ts';

export const ENGINES = ['compose', 'native'] as const;
export type Engine = (typeof ENGINES)[number];

/** Whether the native engine has its binaries, or a way to them: official releases, or Go to build them with. */
async function nativeIsPossible(settings: Settings, path: string, signal: AbortSignal): Promise<boolean> {
  const released = releasesHere(settings);
  const present = await Promise.all(
    recipes(settings.versions).map(
      async (recipe) => released.get(recipe.name) ?? (await presentBinaries(settings, recipe, path)),
    ),
  );
  if (present.every(Boolean)) return true;
  return requireGo(signal).then(
    () => true,
    () => false,
  );
}

/** What mends it, where neither engine can be had. */
export const WAYS_TO_AN_ENGINE = [
  'Any of these mends it:',
  '  - Docker: install Docker with its Compose plugin (https://docs.docker.com/get-docker), start it, and run npm start again;',
  '  - no Docker: a way to github.com, or to a mirror of it by AIOPS_RELEASES_URL, from where the official releases come;',
  '  - neither: install Go 1.21 or newer (https://go.dev/dl), and run npm start again; the first start builds for about ten minutes.',
].join('\n');

/**
 * The engine to start with: `asked` if given, else compose where it is possible, else native.
 *
 * @returns the engine and why it was taken.
 * @throws Error naming the ways out where neither is possible.
 */
export async function chooseEngine(options: {
  readonly settings: Settings;
  readonly asked: Engine | undefined;
  readonly path: string;
  readonly signal: AbortSignal;
}): Promise<{ engine: Engine; why: string }> {
  const { settings, asked, path, signal } = options;
  if (asked === 'native' || !asked) {
    const compose = asked ? undefined : await composeAvailability(settings, signal);
    if (compose?.available) return { engine: 'compose', why: 'a Docker engine answers and has the images' };
    if (await nativeIsPossible(settings, path, signal)) {
      return { engine: 'native', why: compose ? compose.why : 'as asked' };
    }
    throw new Error(
      `The platform cannot be started: ${compose ? compose.why : 'native was asked for'}, there are no official releases for this host, and no Go to build with. ${WAYS_TO_AN_ENGINE}`,
    );
  }
  const compose = await composeAvailability(settings, signal);
  if (!compose.available) {
    throw new Error(
      `Compose cannot be used: ${compose.why}. Without containers: npm start -- --engine native`,
    );
  }
  return { engine: 'compose', why: 'as asked' };
}
