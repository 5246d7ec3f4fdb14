import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Color } from './levels.ts';

export interface Shown {
  readonly text: string;
  readonly color?: Color;
}

/** Shows a text instead of exactly these values. */
export function valueTexts(texts: Readonly<Record<number, Shown>>): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(texts).map(([value, shown], index) => [value, { ...shown, index }]),
    ),
  };
}

/** Colours texts, each as it is. */
export const textColors = (colors: Readonly<Record<string, Color>>): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(
    Object.entries(colors).map(([text, color], index) => [text, { text, color, index }]),
  ),
});

/** Shows a text instead of exactly these texts. */
export const textTexts = (texts: Readonly<Record<string, string>>): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(Object.entries(texts).map(([from, text], index) => [from, { text, index }])),
});

/** Shows a text instead of every value from `from` on. */
export function textFrom(from: number, shown: Shown): ValueMapping {
  return { type: MappingType.RangeToText, options: { from, to: null, result: { ...shown, index: 0 } } };
}
