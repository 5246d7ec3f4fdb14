import { presentBinaries } from '../native/binaries/provide.ts';
import { recipes } from '../native/binaries/recipes.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { shippedOf } from '../native/take-in.ts';
import type { Settings } from '../settings.ts';
import { readState } from '../state.ts';
import { type HomeContent, readHome } from './read-home.ts';

export interface CheckedHome extends HomeContent {
  /** Checkers that are not at hand, so that what they would say is not known. */
  readonly without: readonly ('promtool' | 'amtool')[];
}

/** Reads the home folder as the next start will. promtool and amtool are used where they are: nothing is fetched or built. */
export async function checkHome(settings: Settings, path: string): Promise<CheckedHome> {
  const found = await Promise.all(
    recipes(settings.versions)
      .filter(({ name }) => name === 'prometheus' || name === 'alertmanager')
      .map((recipe) => presentBinaries(settings, recipe, path)),
  );
  const { promtool, amtool } = Object.assign({}, ...found) as Record<string, string | undefined>;
  const content = await readHome({
    home: settings.home,
    shipped: shippedOf(settings),
    demo: readState(layoutOf(settings).stateFile)?.demo ?? true,
    promtool,
    amtool,
  });
  return {
    ...content,
    without: [...(promtool ? [] : ['promtool' as const]), ...(amtool ? [] : ['amtool' as const])],
  };
}
