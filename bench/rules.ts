import { measureRules } from '@aiops-sre/slo/bench/rules.ts';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { recipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import type { Benchmark } from './figures.ts';

/** One SLO's rules against Sloth's for the same SLO in one Prometheus with 30 days of its series, and 500 SLOs. */
export const rulesBenchmark: Benchmark = {
  description: 'evaluation time of SLO rules, side by side with what Sloth generates; about ten minutes',
  async run({ root, environment, onProgress, signal }) {
    const settings = readSettings(root, environment);
    const binaries = await provideBinaries({
      settings,
      recipes: recipes(settings.versions).filter(({ name }) => name === 'prometheus'),
      path: environment.PATH ?? '',
      progress: new Progress(onProgress),
      signal,
    });
    const { prometheus = '', promtool = '' } = binaries;
    const cacheFolder = settings.cacheDir;
    const result = await measureRules({ prometheus, promtool, cacheFolder, onProgress, signal });
    const ms = (value: number) => ({ value, unit: 'ms a minute' });
    const percent = (share: number) => ({ value: share * 100, unit: '%' });
    return {
      'one SLO, evaluated every 15 s, ours': ms(result.oursMs),
      'one SLO, evaluated every 15 s, Sloth': ms(result.slothMs),
      'ours, share of Sloth': percent(result.oursMs / result.slothMs),
      'one SLO, evaluated every minute, ours': ms(result.oursMinuteMs),
      'one SLO, evaluated every minute, Sloth': ms(result.slothMinuteMs),
      'ours, share of Sloth, every minute': percent(result.oursMinuteMs / result.slothMinuteMs),
      [`${result.manySlos} SLOs, share of two cores`]: percent(result.manyShareOfTwoCores),
      [`${result.manySlos} SLOs, longest evaluation, share of its interval`]: percent(
        result.manyLongestShareOfInterval,
      ),
    };
  },
};
