import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

/** Colours by meaning, the same in every dashboard; Grafana adapts them to the theme. */
export const COLORS = {
  good: 'green',
  /** Not `yellow`, which nobody can read on white. */
  watch: 'dark-yellow',
  act: 'orange',
  bad: 'red',
  plain: 'text',
  /** Of a panel filled with colour that has nothing to tell. */
  unknown: '#6e7380',
  /** Of a value in order among coloured cells: what is wrong stands out. */
  calm: 'transparent',
  info: 'blue',
  /** A stretch of time in which nothing was the matter. */
  quiet: 'rgba(128, 128, 128, 0.15)',
} as const;
export type Color = (typeof COLORS)[keyof typeof COLORS];

/** Colour `base` from the bottom up, then each colour from its value on. Values ascend. */
export function levels(base: Color, ...steps: readonly (readonly [number, Color])[]) {
  return {
    mode: ThresholdsMode.Absolute,
    steps: [{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))],
  };
}

export type Levels = ReturnType<typeof levels>;

export function thresholds(chosen: Levels): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(chosen.mode).steps(chosen.steps);
}

/** For panels whose values are neither good nor bad. */
export const NO_LEVELS = levels(COLORS.plain);

/** The same levels for cells of a table, where good is uncoloured so that the rest stands out. */
export const onCalm = (chosen: Levels): Levels => ({
  ...chosen,
  steps: [{ value: null, color: COLORS.calm }, ...chosen.steps.slice(1)],
});

/** Below every figure, and above what Grafana takes words in a figure's place for. */
const LOWEST = -1e12;

/** The same levels for a figure: words in its place, where nothing is known, are of this colour and no state's. */
export const ofFigure = (chosen: Levels, words: Color): Levels => ({
  ...chosen,
  steps: [
    { value: null, color: words },
    { value: LOWEST, color: chosen.steps[0]!.color },
    ...chosen.steps.slice(1),
  ],
});
